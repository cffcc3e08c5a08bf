"""The outbox is written by the database: no room that changes a position can forget it, nor be in another transaction.

A position is told when it opens, closes, changes its sum or its days, and when something of it is paid. Functions name
their own schema (`SET search_path FROM CURRENT`), as those of the debts do.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION publishing_follow_states() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO publishing_gatewaycopy (position_id, version)
    SELECT DISTINCT position_id, 1 FROM changed
    WHERE after IN ('PUBLISHED', 'VALID', 'INVALID', 'PARTIALLY_PAID', 'PAID')
          AND NOT (before = 'PUBLISHED' AND after = 'VALID')  -- the gateway knows the day from which it is valid
          AND before <> 'REPORTED'
    ON CONFLICT (position_id) DO UPDATE
    SET version = publishing_gatewaycopy.version + 1, refusal_code = '', refusal_words = '', refused_at = NULL,
        not_before = NULL;
    RETURN NULL;
END $$;

CREATE FUNCTION publishing_follow_option() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE publishing_gatewaycopy
    SET version = version + 1, refusal_code = '', refusal_words = '', refused_at = NULL, not_before = NULL
    WHERE position_id = NEW.position_id;
    RETURN NULL;
END $$;

CREATE TRIGGER position_to_tell AFTER INSERT ON debts_statechange
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION publishing_follow_states();
CREATE TRIGGER option_to_tell AFTER UPDATE ON debts_paymentoption FOR EACH ROW
    WHEN (OLD.amount_cents IS DISTINCT FROM NEW.amount_cents
          OR OLD.due_on IS DISTINCT FROM NEW.due_on
          OR OLD.last_day IS DISTINCT FROM NEW.last_day
          OR (OLD.state = 'PO_UNPAID' AND NEW.state <> 'PO_UNPAID'))
    EXECUTE FUNCTION publishing_follow_option();

INSERT INTO publishing_gatewaycopy (position_id, version)
SELECT id, 1 FROM debts_debtposition WHERE state IN ('PUBLISHED', 'VALID');
"""
BACKWARD = """
DROP TRIGGER option_to_tell ON debts_paymentoption;
DROP TRIGGER position_to_tell ON debts_statechange;
DROP FUNCTION publishing_follow_option;
DROP FUNCTION publishing_follow_states;
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial"), ("debts", "0004_reported_taken_back")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
