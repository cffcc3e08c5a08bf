import importlib

from django.db import migrations

BEFORE = importlib.import_module("onboarding.assessment.migrations.0002_closed_rounds_never_change").FREEZE
FUNCTION = BEFORE[: BEFORE.index("CREATE TRIGGER")].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
LET_GO = """
CREATE OR REPLACE FUNCTION assessment_refuse_closed() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    of_round bigint;
    held record;
BEGIN
    IF TG_TABLE_NAME = 'assessment_assessmentround' THEN
        of_round := OLD.id;
    ELSIF TG_TABLE_NAME = 'assessment_areasheet' THEN
        of_round := CASE WHEN TG_OP = 'DELETE' THEN OLD.round_id ELSE NEW.round_id END;
    ELSE
        SELECT round_id INTO of_round FROM assessment_areasheet
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.sheet_id ELSE NEW.sheet_id END;
    END IF;
    SELECT r.closed_at, m.left_on INTO held
    FROM assessment_assessmentround r JOIN tenants_municipality m ON m.id = r.municipality_id WHERE r.id = of_round;
    IF held.closed_at IS NOT NULL AND NOT (TG_OP = 'DELETE' AND held.left_on IS NOT NULL) THEN
        RAISE EXCEPTION 'A closed assessment never changes.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
"""


class Migration(migrations.Migration):
    """Answers and outcome of a closed round go only with a Comune that has left."""

    dependencies = [
        ("assessment", "0002_closed_rounds_never_change"),
        ("tenants", "0002_left_on"),
    ]

    operations = [migrations.RunSQL(LET_GO, FUNCTION)]
