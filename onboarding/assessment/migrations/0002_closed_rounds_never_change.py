from django.db import migrations

FREEZE = """
CREATE FUNCTION assessment_refuse_closed() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    of_round bigint;
BEGIN
    IF TG_TABLE_NAME = 'assessment_assessmentround' THEN
        IF OLD.closed_at IS NOT NULL THEN
            RAISE EXCEPTION 'A closed assessment never changes.' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSE
        IF TG_TABLE_NAME = 'assessment_areasheet' THEN
            of_round := CASE WHEN TG_OP = 'DELETE' THEN OLD.round_id ELSE NEW.round_id END;
        ELSE
            SELECT round_id INTO of_round FROM assessment_areasheet
            WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.sheet_id ELSE NEW.sheet_id END;
        END IF;
        IF EXISTS (SELECT 1 FROM assessment_assessmentround WHERE id = of_round AND closed_at IS NOT NULL) THEN
            RAISE EXCEPTION 'A closed assessment never changes.' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER assessment_round_frozen BEFORE UPDATE OR DELETE ON assessment_assessmentround
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse_closed();
CREATE TRIGGER assessment_sheet_frozen BEFORE INSERT OR UPDATE OR DELETE ON assessment_areasheet
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse_closed();
CREATE TRIGGER assessment_saving_frozen BEFORE INSERT OR UPDATE OR DELETE ON assessment_areasaving
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse_closed();
"""
THAW = """
DROP TRIGGER assessment_saving_frozen ON assessment_areasaving;
DROP TRIGGER assessment_sheet_frozen ON assessment_areasheet;
DROP TRIGGER assessment_round_frozen ON assessment_assessmentround;
DROP FUNCTION assessment_refuse_closed();
"""


class Migration(migrations.Migration):
    """Answers and outcome of a closed round stay as they are, whoever writes."""

    dependencies = [("assessment", "0001_initial")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
