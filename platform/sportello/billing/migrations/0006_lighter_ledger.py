"""A ledger that costs less to write.

Accounts and entries lose the indexes that another one begins with, and that for keys of which one knows the beginning
alone. Pages of accounts keep room for the next balance, which then changes no index.
"""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
DROP INDEX billing_entry_idempotency_key_bee4ef96_like;
ALTER TABLE billing_ledgeraccount SET (fillfactor = 50);
"""

BACKWARD = """
ALTER TABLE billing_ledgeraccount RESET (fillfactor);
CREATE INDEX billing_entry_idempotency_key_bee4ef96_like ON billing_entry (idempotency_key varchar_pattern_ops);
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_transfers_and_refunds"), ("families", "0003_codes_are_known_whole")]

    operations = [
        migrations.AlterField(
            model_name="ledgeraccount",
            name="child",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ledger_accounts",
                to="families.child",
            ),
        ),
        migrations.AlterField(
            model_name="entry",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="billing.ledgeraccount",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
