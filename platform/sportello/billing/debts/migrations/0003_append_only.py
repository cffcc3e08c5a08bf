"""What happened to a position, and what was quoted for it, is only added to."""

from django.db import migrations

from tenants.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("debts", "0002_debt_guards")]

    operations = [append_only("debts_statechange"), append_only("debts_quote")]
