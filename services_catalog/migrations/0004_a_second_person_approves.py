"""A draft is proposed, frozen, and put in force by somebody else: the database sees to both."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE OR REPLACE FUNCTION services_catalog_edition_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_proposal CONSTANT text[] := ARRAY['status', 'proposed_by_id', 'proposed_at', 'proposal_note', 'returned_because'];
    of_approval CONSTANT text[] := ARRAY['status', 'act_number', 'act_date', 'act_url', 'approved_by', 'in_force_by_id'];
BEGIN
    IF OLD.status = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF NEW.in_force_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'edition % was not proposed', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'edition % is proposed or has been in force and is never deleted', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.status = 'proposed' THEN
        IF (NEW.status = 'draft' AND to_jsonb(NEW) - of_proposal = to_jsonb(OLD) - of_proposal)
           OR (NEW.status = 'in_force' AND to_jsonb(NEW) - of_approval = to_jsonb(OLD) - of_approval) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'edition % is proposed and frozen', OLD.id USING ERRCODE = 'restrict_violation';
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
"""

BACKWARD = """
UPDATE services_catalog_edition
    SET status = 'draft', proposed_by_id = NULL, proposed_at = NULL, proposal_note = '' WHERE status = 'proposed';
CREATE OR REPLACE FUNCTION services_catalog_edition_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [
        ("services_catalog", "0003_closures_of_a_class"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="edition",
            name="edition_in_force_has_act",
        ),
        migrations.AddField(
            model_name="edition",
            name="drafted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="in_force_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="proposal_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=500),
        ),
        migrations.AddField(
            model_name="edition",
            name="proposed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="edition",
            name="proposed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="returned_because",
            field=models.CharField(blank=True, db_default="", default="", max_length=500),
        ),
        migrations.AddField(
            model_name="edition",
            name="revised_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="edition",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "bozza"),
                    ("proposed", "proposta"),
                    ("in_force", "in vigore"),
                    ("superseded", "sostituita"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "proposed"]),
                    models.Q(models.Q(("act_number", ""), _negated=True), ("act_date__isnull", False)),
                    _connector="OR",
                ),
                name="edition_in_force_has_act",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "proposed"), _negated=True),
                    models.Q(("proposed_at__isnull", False), ("proposed_by__isnull", False)),
                    _connector="OR",
                ),
                name="edition_proposed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("in_force_by__isnull", True),
                    models.Q(
                        ("proposed_by__isnull", False),
                        models.Q(("in_force_by", models.F("proposed_by")), _negated=True),
                        models.Q(("in_force_by", models.F("drafted_by")), _negated=True),
                        models.Q(("in_force_by", models.F("revised_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="edition_approved_by_another",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
