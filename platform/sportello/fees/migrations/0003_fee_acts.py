"""Decisions are drafts until they are sent, and never change afterwards: what was decided so far was sent."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

SENT_SO_FAR = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE fees_pricedecision decision SET status = 'sent', version = numbered.version, sent_at = decision.decided_at
FROM (
    SELECT id, row_number() OVER (PARTITION BY child_id, service_id ORDER BY valid_during) AS version
    FROM fees_pricedecision
) numbered
WHERE numbered.id = decision.id;
SET CONSTRAINTS ALL DEFERRED;
"""
ONLY_IN_FORCE = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE fees_pricedecision SET superseded_by_id = NULL;
DELETE FROM fees_pricedecision WHERE status <> 'sent';
SET CONSTRAINTS ALL DEFERRED;
"""
GUARD = """
CREATE FUNCTION fees_pricedecision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'price decision % was sent and is never deleted', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.status <> 'sent' OR NEW.status <> 'superseded'
       OR (to_jsonb(NEW) - 'status' - 'superseded_at' - 'superseded_by_id')
          IS DISTINCT FROM (to_jsonb(OLD) - 'status' - 'superseded_at' - 'superseded_by_id') THEN
        RAISE EXCEPTION 'price decision % was sent and never changes', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER fees_pricedecision_guard BEFORE UPDATE OR DELETE ON fees_pricedecision
    FOR EACH ROW EXECUTE FUNCTION fees_pricedecision_guard();
"""
NO_GUARD = """
DROP TRIGGER fees_pricedecision_guard ON fees_pricedecision;
DROP FUNCTION fees_pricedecision_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0002_delegation"),
        ("fees", "0002_prices_of_a_day_a_year_a_period"),
        ("services_catalog", "0003_closures_of_a_class"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="pricedecision",
            name="price_no_overlap",
        ),
        migrations.AddField(
            model_name="pricedecision",
            name="before_cents",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="pricedecision",
            name="ends",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="pricedecision",
            name="reasons",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="pricedecision",
            name="sending",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="pricedecision",
            name="sent_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="pricedecision",
            name="sent_by",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="pricedecision",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "da inviare"),
                    ("sent", "inviata"),
                    ("superseded", "sostituita"),
                    ("ended", "cessata"),
                ],
                db_default="draft",
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="pricedecision",
            name="superseded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="pricedecision",
            name="superseded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="supersedes",
                to="fees.pricedecision",
            ),
        ),
        migrations.AddField(
            model_name="pricedecision",
            name="version",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL(SENT_SO_FAR, ONLY_IN_FORCE),
        migrations.AddIndex(
            model_name="pricedecision",
            index=models.Index(fields=["sending"], name="price_sending"),
        ),
        migrations.AddConstraint(
            model_name="pricedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at", None), ("status", "draft"), ("version", 0)),
                    models.Q(
                        models.Q(("status", "draft"), _negated=True), ("sent_at__isnull", False), ("version__gt", 0)
                    ),
                    _connector="OR",
                ),
                name="price_sent_has_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"),
                    models.Q(("ends", True), ("status", "ended")),
                    models.Q(("ends", False), ("status__in", ["sent", "superseded"])),
                    _connector="OR",
                ),
                name="price_ended_only_by_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "superseded"), ("superseded_at__isnull", False)),
                    models.Q(
                        models.Q(("status", "superseded"), _negated=True),
                        ("superseded_at", None),
                        ("superseded_by", None),
                    ),
                    _connector="OR",
                ),
                name="price_superseded_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricedecision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "draft"), _negated=True),
                fields=("child", "service", "version"),
                name="price_version_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricedecision",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("status", "draft")),
                expressions=[("child", "="), ("service", "="), ("valid_during", "&&")],
                name="price_draft_no_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricedecision",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("status", "sent")),
                expressions=[("child", "="), ("service", "="), ("valid_during", "&&")],
                name="price_sent_no_overlap",
            ),
        ),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
