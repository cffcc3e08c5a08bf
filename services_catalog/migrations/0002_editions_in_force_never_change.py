"""An edition in force never changes: it may only be closed at an earlier date, or superseded."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION services_catalog_edition_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'edition % has been in force and is never deleted', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF (to_jsonb(NEW) - 'status' - 'valid_during') IS DISTINCT FROM (to_jsonb(OLD) - 'status' - 'valid_during')
       OR NOT (NEW.status = OLD.status OR (OLD.status = 'in_force' AND NEW.status = 'superseded'))
       OR isempty(NEW.valid_during)
       OR lower(NEW.valid_during) IS DISTINCT FROM lower(OLD.valid_during)
       OR NOT (NEW.valid_during <@ OLD.valid_during) THEN
        RAISE EXCEPTION 'edition % is in force and never changes', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER services_catalog_edition_guard BEFORE UPDATE OR DELETE ON services_catalog_edition
    FOR EACH ROW EXECUTE FUNCTION services_catalog_edition_guard();
"""

BACKWARD = """
DROP TRIGGER services_catalog_edition_guard ON services_catalog_edition;
DROP FUNCTION services_catalog_edition_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("services_catalog", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
