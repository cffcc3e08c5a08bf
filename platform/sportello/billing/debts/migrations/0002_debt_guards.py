"""Debt positions guard themselves: their sums agree, their states follow the table, what is paid stays as it was paid.

Sums are checked at the end of the transaction, so that a position may be written piece by piece. The functions name
their own schema (`SET search_path FROM CURRENT`), as those of the ledger do.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION debts_check_option(wanted bigint) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM debts_paymentoption option
    WHERE option.id = wanted AND option.amount_cents IS DISTINCT FROM
          (SELECT sum(transfer.amount_cents) FROM debts_transfer transfer WHERE transfer.option_id = option.id);
    IF FOUND THEN
        RAISE EXCEPTION 'The transfers of payment option % do not add up to its amount', wanted
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;

CREATE FUNCTION debts_check_position(wanted bigint) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    asked bigint;
    whole bigint;
    parts bigint;
BEGIN
    SELECT sum(amount_cents) INTO asked FROM debts_positionline WHERE position_id = wanted;
    SELECT sum(amount_cents) FILTER (WHERE number = 0), sum(amount_cents) FILTER (WHERE number > 0)
    INTO whole, parts FROM debts_paymentoption WHERE position_id = wanted;
    IF asked IS NULL OR coalesce(whole, parts) IS NULL
       OR coalesce(whole, asked) <> asked OR coalesce(parts, asked) <> asked THEN
        RAISE EXCEPTION 'The lines of debt position % do not add up to what its options ask', wanted
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;

CREATE FUNCTION debts_position_sums() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM debts_check_position(NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION debts_option_sums() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM debts_check_option(NEW.id);
    IF TG_OP = 'UPDATE' THEN PERFORM debts_check_position(NEW.position_id); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION debts_transfer_sums() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN PERFORM debts_check_option(NEW.option_id); END IF;
    IF TG_OP <> 'INSERT' THEN PERFORM debts_check_option(OLD.option_id); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION debts_line_sums() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN PERFORM debts_check_position(NEW.position_id); END IF;
    IF TG_OP <> 'INSERT' THEN PERFORM debts_check_position(OLD.position_id); END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER position_sums AFTER INSERT ON debts_debtposition
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION debts_position_sums();
CREATE CONSTRAINT TRIGGER option_sums AFTER INSERT OR UPDATE OF amount_cents ON debts_paymentoption
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION debts_option_sums();
CREATE CONSTRAINT TRIGGER transfer_sums AFTER INSERT OR DELETE OR UPDATE OF amount_cents, option_id ON debts_transfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION debts_transfer_sums();
CREATE CONSTRAINT TRIGGER line_sums AFTER INSERT OR DELETE OR UPDATE OF amount_cents, position_id ON debts_positionline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION debts_line_sums();

CREATE FUNCTION debts_refuse_transition() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.state || '>' || NEW.state NOT IN (
        'DRAFT>PUBLISHED', 'DRAFT>VALID', 'PUBLISHED>VALID', 'VALID>EXPIRED', 'EXPIRED>VALID', 'PUBLISHED>INVALID',
        'VALID>INVALID', 'VALID>PARTIALLY_PAID', 'VALID>PAID', 'PARTIALLY_PAID>PAID', 'PAID>REPORTED'
    ) THEN
        RAISE EXCEPTION 'A debt position cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION debts_transition_told() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM debts_statechange
    WHERE position_id = NEW.id AND before = OLD.state AND after = NEW.state;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'A state changes through its door, which writes who, when and why'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER position_transition BEFORE UPDATE OF state ON debts_debtposition
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION debts_refuse_transition();
CREATE CONSTRAINT TRIGGER position_transition_told AFTER UPDATE OF state ON debts_debtposition
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION debts_transition_told();

CREATE FUNCTION debts_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'What has been paid, and what a notice number stands for, is not changed any more'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION debts_refuse_late_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    held record;
    wanted bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN held := OLD; ELSE held := NEW; END IF;
    IF TG_TABLE_NAME = 'debts_transfer' THEN
        SELECT position_id INTO wanted FROM debts_paymentoption WHERE id = held.option_id;
    ELSE
        wanted := held.position_id;
    END IF;
    PERFORM FROM debts_debtposition
    WHERE id = wanted AND state IN ('PARTIALLY_PAID', 'PAID', 'REPORTED', 'INVALID');
    IF FOUND THEN
        RAISE EXCEPTION 'What has been paid, or annulled, is not changed any more' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN held;
END $$;

CREATE TRIGGER position_stays BEFORE UPDATE ON debts_debtposition FOR EACH ROW
    WHEN (OLD.payer_id IS DISTINCT FROM NEW.payer_id
          OR OLD.debtor_code IS DISTINCT FROM NEW.debtor_code
          OR OLD.purpose IS DISTINCT FROM NEW.purpose
          OR OLD.key IS DISTINCT FROM NEW.key
          OR OLD.created_at IS DISTINCT FROM NEW.created_at
          OR OLD.public_id IS DISTINCT FROM NEW.public_id
          OR (OLD.state IN ('PARTIALLY_PAID', 'PAID', 'REPORTED')
              AND (OLD.description IS DISTINCT FROM NEW.description OR OLD.valid_from IS DISTINCT FROM NEW.valid_from)))
    EXECUTE FUNCTION debts_refuse_change();
CREATE TRIGGER position_is_kept BEFORE DELETE ON debts_debtposition
    FOR EACH ROW EXECUTE FUNCTION debts_refuse_change();
CREATE TRIGGER option_number_stays BEFORE UPDATE ON debts_paymentoption FOR EACH ROW
    WHEN (OLD.position_id <> NEW.position_id OR OLD.number <> NEW.number OR OLD.notice_number <> NEW.notice_number
          OR (OLD.state <> 'PO_UNPAID' AND NEW.state = 'PO_UNPAID'))
    EXECUTE FUNCTION debts_refuse_change();
CREATE TRIGGER option_is_kept BEFORE DELETE ON debts_paymentoption
    FOR EACH ROW EXECUTE FUNCTION debts_refuse_change();
CREATE TRIGGER option_stays BEFORE UPDATE OF amount_cents, due_on, last_day ON debts_paymentoption
    FOR EACH ROW WHEN (OLD.amount_cents IS DISTINCT FROM NEW.amount_cents
          OR OLD.due_on IS DISTINCT FROM NEW.due_on
          OR OLD.last_day IS DISTINCT FROM NEW.last_day)
    EXECUTE FUNCTION debts_refuse_late_change();
CREATE TRIGGER transfer_stays BEFORE DELETE OR UPDATE OF amount_cents, iban, category, fiscal_code, option_id
    ON debts_transfer FOR EACH ROW EXECUTE FUNCTION debts_refuse_late_change();
CREATE TRIGGER line_stays BEFORE DELETE OR UPDATE ON debts_positionline
    FOR EACH ROW EXECUTE FUNCTION debts_refuse_late_change();

CREATE FUNCTION debts_shares_whole() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    minor bigint;
BEGIN
    minor := CASE WHEN TG_OP = 'DELETE' THEN OLD.child_id ELSE NEW.child_id END;
    PERFORM FROM (
        SELECT lower(valid_during) AS day FROM debts_costshare WHERE child_id = minor
        UNION
        SELECT upper(valid_during) FROM debts_costshare WHERE child_id = minor AND NOT upper_inf(valid_during)
    ) cuts
    JOIN debts_costshare share ON share.child_id = minor AND share.valid_during @> cuts.day
    GROUP BY cuts.day HAVING sum(share.basis_points) <> 10000;
    IF FOUND THEN
        RAISE EXCEPTION 'The shares of the costs of a child are not the whole on every day'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER shares_whole AFTER INSERT OR UPDATE OR DELETE ON debts_costshare
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION debts_shares_whole();
"""

BACKWARD = """
DROP TRIGGER shares_whole ON debts_costshare;
DROP TRIGGER line_stays ON debts_positionline;
DROP TRIGGER transfer_stays ON debts_transfer;
DROP TRIGGER option_stays ON debts_paymentoption;
DROP TRIGGER option_is_kept ON debts_paymentoption;
DROP TRIGGER option_number_stays ON debts_paymentoption;
DROP TRIGGER position_is_kept ON debts_debtposition;
DROP TRIGGER position_stays ON debts_debtposition;
DROP TRIGGER position_transition_told ON debts_debtposition;
DROP TRIGGER position_transition ON debts_debtposition;
DROP TRIGGER line_sums ON debts_positionline;
DROP TRIGGER transfer_sums ON debts_transfer;
DROP TRIGGER option_sums ON debts_paymentoption;
DROP TRIGGER position_sums ON debts_debtposition;
DROP FUNCTION debts_shares_whole();
DROP FUNCTION debts_refuse_late_change();
DROP FUNCTION debts_refuse_change();
DROP FUNCTION debts_transition_told();
DROP FUNCTION debts_refuse_transition();
DROP FUNCTION debts_line_sums();
DROP FUNCTION debts_transfer_sums();
DROP FUNCTION debts_option_sums();
DROP FUNCTION debts_position_sums();
DROP FUNCTION debts_check_position(bigint);
DROP FUNCTION debts_check_option(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("debts", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
