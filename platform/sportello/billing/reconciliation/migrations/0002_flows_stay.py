"""Flows are kept as they came: only whether a revision is current, and what a line was found to be, changes."""

from django.db import migrations

from tenants.append_only import append_only

FORWARD = """
CREATE FUNCTION reconciliation_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A flow is never changed nor deleted' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER flow_stays BEFORE UPDATE ON reconciliation_flow FOR EACH ROW
    WHEN (OLD.psp_id IS DISTINCT FROM NEW.psp_id
          OR OLD.fdr IS DISTINCT FROM NEW.fdr
          OR OLD.revision IS DISTINCT FROM NEW.revision
          OR OLD.regulation IS DISTINCT FROM NEW.regulation
          OR OLD.regulated_on IS DISTINCT FROM NEW.regulated_on
          OR OLD.declared_count IS DISTINCT FROM NEW.declared_count
          OR OLD.declared_cents IS DISTINCT FROM NEW.declared_cents
          OR OLD.counted_count IS DISTINCT FROM NEW.counted_count
          OR OLD.counted_cents IS DISTINCT FROM NEW.counted_cents)
    EXECUTE FUNCTION reconciliation_refuse_change();
CREATE TRIGGER flow_is_kept BEFORE DELETE ON reconciliation_flow
    FOR EACH ROW EXECUTE FUNCTION reconciliation_refuse_change();
CREATE TRIGGER line_stays BEFORE UPDATE ON reconciliation_flowline FOR EACH ROW
    WHEN (OLD.flow_id IS DISTINCT FROM NEW.flow_id
          OR OLD.index IS DISTINCT FROM NEW.index
          OR OLD.iuv IS DISTINCT FROM NEW.iuv
          OR OLD.iur IS DISTINCT FROM NEW.iur
          OR OLD.transfer_number IS DISTINCT FROM NEW.transfer_number
          OR OLD.amount_cents IS DISTINCT FROM NEW.amount_cents
          OR OLD.outcome IS DISTINCT FROM NEW.outcome
          OR OLD.paid_at IS DISTINCT FROM NEW.paid_at)
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
