"""A meal cannot be recorded on a day that a closure covers, whoever writes it and by whatever way.

A closure recorded afterwards leaves the presences as they are: what happened stays on record, and the close does not
charge it.
"""

from django.db import migrations

_GUARD = """
CREATE FUNCTION presence_refuse_closed_day_{event}() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (
        SELECT FROM services_catalog_closure closure
        LEFT JOIN services_catalog_service service ON service.id = closure.service_id
        JOIN written ON written.day <@ closure.days AND written.ate
        {before}
        JOIN canteen_rollcall called ON called.id = written.roll_call_id
        JOIN schools_section section ON section.id = called.section_id
        WHERE (closure.service_id IS NULL OR service.archetype = 'meals')
          AND (closure.school_id IS NULL OR closure.school_id = section.school_id)
          AND (closure.section_id IS NULL OR closure.section_id = section.id)
          {changed}
    ) THEN
        RAISE EXCEPTION 'No meal on a closed day' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""
FORWARD = (
    _GUARD.format(event="new", before="", changed="")
    + _GUARD.format(
        event="changed",
        before="JOIN erased ON erased.id = written.id",
        changed="AND (NOT erased.ate OR (erased.day, erased.roll_call_id) <> (written.day, written.roll_call_id))",
    )
    + """
CREATE TRIGGER presence_not_on_a_closed_day AFTER INSERT ON canteen_presence
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION presence_refuse_closed_day_new();
CREATE TRIGGER presence_not_moved_to_a_closed_day AFTER UPDATE ON canteen_presence
    REFERENCING OLD TABLE AS erased NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION presence_refuse_closed_day_changed();
"""
)

BACKWARD = """
DROP TRIGGER presence_not_moved_to_a_closed_day ON canteen_presence;
DROP TRIGGER presence_not_on_a_closed_day ON canteen_presence;
DROP FUNCTION presence_refuse_closed_day_changed();
DROP FUNCTION presence_refuse_closed_day_new();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("canteen", "0002_presence_history_is_final"),
        ("services_catalog", "0003_closures_of_a_class"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
