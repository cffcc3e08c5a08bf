"""The ledger lets opening balances, and corrections of them, be taken out by `withdrawing` alone; balances follow."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_LEVEL = 'ROW' AND current_setting('billing.withdrawing', true) = 'on' THEN
        IF OLD.kind IN ('opening', 'correction') THEN RETURN OLD; END IF;
    END IF;
    RAISE EXCEPTION 'Ledger entries are append-only: post a correction that names the entry'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION ledger_give_back() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM billing_ledgeraccount
    WHERE id IN (SELECT account_id FROM withdrawn) ORDER BY id FOR NO KEY UPDATE;
    UPDATE billing_ledgeraccount account SET balance_cents = account.balance_cents - news.cents
    FROM (SELECT account_id, sum(amount_cents)::bigint AS cents FROM withdrawn GROUP BY account_id) news
    WHERE account.id = news.account_id AND news.cents <> 0;
    RETURN NULL;
END $$;

CREATE TRIGGER entry_gives_back AFTER DELETE ON billing_entry
    REFERENCING OLD TABLE AS withdrawn FOR EACH STATEMENT EXECUTE FUNCTION ledger_give_back();
"""

BACKWARD = """
DROP TRIGGER entry_gives_back ON billing_entry;
DROP FUNCTION ledger_give_back();
CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'Ledger entries are append-only: post a correction that names the entry'
        USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_ledger_guards")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
