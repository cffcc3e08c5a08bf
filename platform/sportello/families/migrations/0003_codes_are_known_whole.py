"""Nobody looks for a person by the beginning of a code: the indexes for that go, and people cost less to write."""

from django.db import migrations

FORWARD = """
DROP INDEX families_adult_fiscal_code_03acae45_like;
DROP INDEX families_child_fiscal_code_1175edff_like;
DROP INDEX families_child_legacy_id_c6e85a2c_like;
"""

BACKWARD = """
CREATE INDEX families_adult_fiscal_code_03acae45_like ON families_adult (fiscal_code varchar_pattern_ops);
CREATE INDEX families_child_fiscal_code_1175edff_like ON families_child (fiscal_code varchar_pattern_ops);
CREATE INDEX families_child_legacy_id_c6e85a2c_like ON families_child (legacy_id varchar_pattern_ops);
"""


class Migration(migrations.Migration):
    dependencies = [("families", "0002_delegation")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
