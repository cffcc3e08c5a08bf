"""The ledger guards itself: entries are append-only, balances are kept by a trigger and by nobody else.

The functions name their own schema (`SET search_path FROM CURRENT`), so that a statement from another search_path
still reaches the accounts of the same Comune.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'Ledger entries are append-only: post a correction that names the entry'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION ledger_keep_balance() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM billing_ledgeraccount
    WHERE id IN (SELECT account_id FROM posted) ORDER BY id FOR NO KEY UPDATE;
    UPDATE billing_ledgeraccount account SET balance_cents = account.balance_cents + news.cents
    FROM (SELECT account_id, sum(amount_cents)::bigint AS cents FROM posted GROUP BY account_id) news
    WHERE account.id = news.account_id AND news.cents <> 0;
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_refuse_balance() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'The balance of a ledger account follows from its entries: post an entry'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION ledger_differences() RETURNS TABLE (account_id bigint, balance_cents bigint, entries_cents bigint)
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT account.id, account.balance_cents, coalesce(entries.cents, 0)
    FROM billing_ledgeraccount account
    LEFT JOIN (
        SELECT entry.account_id, sum(entry.amount_cents)::bigint AS cents FROM billing_entry entry GROUP BY 1
    ) entries ON entries.account_id = account.id
    WHERE account.balance_cents <> coalesce(entries.cents, 0)
    ORDER BY account.id
$$;

CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON billing_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER entry_never_emptied BEFORE TRUNCATE ON billing_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER entry_keeps_balance AFTER INSERT ON billing_entry
    REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep_balance();
CREATE TRIGGER account_balance_guard BEFORE UPDATE ON billing_ledgeraccount
    FOR EACH ROW WHEN (OLD.balance_cents IS DISTINCT FROM NEW.balance_cents AND pg_trigger_depth() = 0)
    EXECUTE FUNCTION ledger_refuse_balance();
CREATE TRIGGER account_born_empty BEFORE INSERT ON billing_ledgeraccount
    FOR EACH ROW WHEN (NEW.balance_cents <> 0) EXECUTE FUNCTION ledger_refuse_balance();
"""

BACKWARD = """
DROP TRIGGER account_born_empty ON billing_ledgeraccount;
DROP TRIGGER account_balance_guard ON billing_ledgeraccount;
DROP TRIGGER entry_keeps_balance ON billing_entry;
DROP TRIGGER entry_never_emptied ON billing_entry;
DROP TRIGGER entry_append_only ON billing_entry;
DROP FUNCTION ledger_differences();
DROP FUNCTION ledger_refuse_balance();
DROP FUNCTION ledger_keep_balance();
DROP FUNCTION ledger_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
