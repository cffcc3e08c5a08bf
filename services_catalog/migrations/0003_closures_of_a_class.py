"""Closures know when they were recorded and whose class they name; a school may depart from the Region's calendar."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION closure_names_the_school_of_its_section() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    theirs bigint;
BEGIN
    IF NEW.section_id IS NOT NULL THEN
        SELECT school_id INTO theirs FROM schools_section WHERE id = NEW.section_id;
        IF NEW.school_id IS NULL THEN
            NEW.school_id := theirs;
        ELSIF NEW.school_id <> theirs THEN
            RAISE EXCEPTION 'The section of a closure belongs to another school' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
UPDATE services_catalog_closure closure SET school_id = section.school_id
    FROM schools_section section WHERE section.id = closure.section_id AND closure.school_id IS NULL;
CREATE TRIGGER closure_section_of_its_school BEFORE INSERT OR UPDATE OF school_id, section_id ON services_catalog_closure
    FOR EACH ROW EXECUTE FUNCTION closure_names_the_school_of_its_section();
"""

BACKWARD = """
DROP TRIGGER closure_section_of_its_school ON services_catalog_closure;
DROP FUNCTION closure_names_the_school_of_its_section();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0001_initial"),
        ("services_catalog", "0002_editions_in_force_never_change"),
    ]

    operations = [
        migrations.AddField(
            model_name="closure",
            name="recorded_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.CreateModel(
            name="SchoolOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("reason", models.CharField(max_length=160)),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
            ],
            options={
                "ordering": ["days", "id"],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("school", "="), ("days", "&&")], name="school_opening_no_overlap"
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
