"""The marks of a load are noise: trying to compress them costs more than writing them."""

from django.db import migrations

FORWARD = "ALTER TABLE onboarding_writtenrows ALTER row_ids SET STORAGE EXTERNAL, ALTER marks SET STORAGE EXTERNAL"
BACKWARD = "ALTER TABLE onboarding_writtenrows ALTER row_ids SET STORAGE EXTENDED, ALTER marks SET STORAGE EXTENDED"


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0003_mappings_confirmed_never_change")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
