"""Flows are kept as they came: only whether a revision is current, and what a line was found to be, changes."""

from django.db import migrations

from tenants.append_only import append_only

FORWARD = """
CREATE FUNCTION reconciliation_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A flow is never changed nor deleted' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER flow_stays BEFORE UPDATE ON reconciliation_flow FOR EACH ROW
    WHEN ((OLD.psp_id, OLD.fdr, OLD.revision, OLD.regulation, OLD.regulated_on, OLD.declared_count,
           OLD.declared_cents, OLD.counted_count, OLD.counted_cents)
          IS DISTINCT FROM
          (NEW.psp_id, NEW.fdr, NEW.revision, NEW.regulation, NEW.regulated_on, NEW.declared_count,
           NEW.declared_cents, NEW.counted_count, NEW.counted_cents))
    EXECUTE FUNCTION reconciliation_refuse_change();
CREATE TRIGGER flow_is_kept BEFORE DELETE ON reconciliation_flow
    FOR EACH ROW EXECUTE FUNCTION reconciliation_refuse_change();
CREATE TRIGGER line_stays BEFORE UPDATE ON reconciliation_flowline FOR EACH ROW
    WHEN ((OLD.flow_id, OLD.index, OLD.iuv, OLD.iur, OLD.transfer_number, OLD.amount_cents, OLD.outcome, OLD.paid_at)
          IS DISTINCT FROM
          (NEW.flow_id, NEW.index, NEW.iuv, NEW.iur, NEW.transfer_number, NEW.amount_cents, NEW.outcome, NEW.paid_at))
    EXECUTE FUNCTION reconciliation_refuse_change();
CREATE TRIGGER line_is_kept BEFORE DELETE ON reconciliation_flowline
    FOR EACH ROW EXECUTE FUNCTION reconciliation_refuse_change();
"""
BACKWARD = """
DROP TRIGGER line_is_kept ON reconciliation_flowline;
DROP TRIGGER line_stays ON reconciliation_flowline;
DROP TRIGGER flow_is_kept ON reconciliation_flow;
DROP TRIGGER flow_stays ON reconciliation_flow;
DROP FUNCTION reconciliation_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD), append_only("reconciliation_explanation")]
