"""What was corrected stays on record: changes of presences are append-only."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION presence_history_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'The history of presences is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER presence_change_append_only BEFORE UPDATE OR DELETE ON canteen_presencechange
    FOR EACH ROW EXECUTE FUNCTION presence_history_refuse_change();
CREATE TRIGGER presence_change_never_emptied BEFORE TRUNCATE ON canteen_presencechange
    FOR EACH STATEMENT EXECUTE FUNCTION presence_history_refuse_change();
"""

BACKWARD = """
DROP TRIGGER presence_change_never_emptied ON canteen_presencechange;
DROP TRIGGER presence_change_append_only ON canteen_presencechange;
DROP FUNCTION presence_history_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("canteen", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
