"""A confirmed mapping never changes: what was loaded by it can always be explained."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION onboarding_mapping_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'mapping % is confirmed and never changes', OLD.id USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER onboarding_mapping_guard BEFORE UPDATE OR DELETE ON onboarding_sourcemapping
    FOR EACH ROW EXECUTE FUNCTION onboarding_mapping_guard();
"""

BACKWARD = """
DROP TRIGGER onboarding_mapping_guard ON onboarding_sourcemapping;
DROP FUNCTION onboarding_mapping_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0002_any_export")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
