"""Receipts guard themselves: kept as they came, and once settled every cent of theirs has a place."""

from django.db import migrations

from tenants.append_only import append_only

FORWARD = """
CREATE FUNCTION receipts_check_sum(wanted bigint) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    placed bigint;
    expected bigint;
    held record;
BEGIN
    SELECT state, own_cents INTO held FROM receipts_receipt WHERE id = wanted;
    expected := CASE WHEN held.state IN ('stored', 'refused') THEN 0 ELSE held.own_cents END;
    SELECT coalesce((SELECT sum(amount_cents) FROM receipts_attribution WHERE receipt_id = wanted), 0)
         + coalesce((SELECT sum(amount_cents) FROM receipts_keptaside WHERE receipt_id = wanted), 0) INTO placed;
    IF placed <> expected THEN
        RAISE EXCEPTION 'Receipt % holds % cents, of which % are attributed or kept aside', wanted, expected, placed
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;

CREATE FUNCTION receipts_receipt_sum() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM receipts_check_sum(NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION receipts_part_sum() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM receipts_check_sum(NEW.receipt_id);
    RETURN NULL;
END $$;

CREATE FUNCTION receipts_attribution_matches() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM billing_entry WHERE id = NEW.entry_id AND kind = 'payment' AND amount_cents = NEW.amount_cents;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'An attribution is the payment of the ledger that it names, to the cent'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION receipts_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'Receipts and what became of their money are never changed nor deleted'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE CONSTRAINT TRIGGER receipt_sum AFTER UPDATE OF state ON receipts_receipt
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION receipts_receipt_sum();
CREATE CONSTRAINT TRIGGER attribution_sum AFTER INSERT ON receipts_attribution
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION receipts_part_sum();
CREATE CONSTRAINT TRIGGER attribution_matches AFTER INSERT ON receipts_attribution
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION receipts_attribution_matches();
CREATE CONSTRAINT TRIGGER aside_sum AFTER INSERT ON receipts_keptaside
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION receipts_part_sum();

CREATE TRIGGER receipt_stays BEFORE UPDATE ON receipts_receipt FOR EACH ROW
    WHEN (OLD.receipt_id IS DISTINCT FROM NEW.receipt_id
          OR OLD.fiscal_code IS DISTINCT FROM NEW.fiscal_code
          OR OLD.notice_number IS DISTINCT FROM NEW.notice_number
          OR OLD.iuv IS DISTINCT FROM NEW.iuv
          OR OLD.outcome IS DISTINCT FROM NEW.outcome
          OR OLD.amount_cents IS DISTINCT FROM NEW.amount_cents
          OR OLD.own_cents IS DISTINCT FROM NEW.own_cents
          OR OLD.raw IS DISTINCT FROM NEW.raw
          OR OLD.sha256 IS DISTINCT FROM NEW.sha256
          OR OLD.arrived_at IS DISTINCT FROM NEW.arrived_at
          OR OLD.source IS DISTINCT FROM NEW.source
          OR (OLD.state <> 'stored' AND OLD.state IS DISTINCT FROM NEW.state))
    EXECUTE FUNCTION receipts_refuse_change();
CREATE TRIGGER receipt_is_kept BEFORE DELETE ON receipts_receipt
    FOR EACH ROW EXECUTE FUNCTION receipts_refuse_change();
CREATE TRIGGER aside_stays BEFORE UPDATE ON receipts_keptaside FOR EACH ROW
    WHEN (OLD.receipt_id IS DISTINCT FROM NEW.receipt_id
          OR OLD.reason IS DISTINCT FROM NEW.reason
          OR OLD.amount_cents IS DISTINCT FROM NEW.amount_cents
          OR OLD.opened_at IS DISTINCT FROM NEW.opened_at OR OLD."end" <> '')
    EXECUTE FUNCTION receipts_refuse_change();
CREATE TRIGGER aside_is_kept BEFORE DELETE ON receipts_keptaside
    FOR EACH ROW EXECUTE FUNCTION receipts_refuse_change();
"""

BACKWARD = """
DROP TRIGGER aside_is_kept ON receipts_keptaside;
DROP TRIGGER aside_stays ON receipts_keptaside;
DROP TRIGGER receipt_is_kept ON receipts_receipt;
DROP TRIGGER receipt_stays ON receipts_receipt;
DROP TRIGGER aside_sum ON receipts_keptaside;
DROP TRIGGER attribution_matches ON receipts_attribution;
DROP TRIGGER attribution_sum ON receipts_attribution;
DROP TRIGGER receipt_sum ON receipts_receipt;
DROP FUNCTION receipts_refuse_change();
DROP FUNCTION receipts_attribution_matches();
DROP FUNCTION receipts_part_sum();
DROP FUNCTION receipts_receipt_sum();
DROP FUNCTION receipts_check_sum(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("receipts", "0001_initial")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        append_only("receipts_attribution"),
        append_only("receipts_message"),
    ]
