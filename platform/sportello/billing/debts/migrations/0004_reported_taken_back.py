"""What a flow reported is paid again when a later revision of the flow drops it (P32)."""

from django.db import migrations

CREATE = """
CREATE OR REPLACE FUNCTION debts_refuse_transition() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.state || '>' || NEW.state NOT IN (
        'DRAFT>PUBLISHED', 'DRAFT>VALID', 'PUBLISHED>VALID', 'VALID>EXPIRED', 'EXPIRED>VALID', 'PUBLISHED>INVALID',
        'VALID>INVALID', 'VALID>PARTIALLY_PAID', 'VALID>PAID', 'PARTIALLY_PAID>PAID', 'PAID>REPORTED'{more}
    ) THEN
        RAISE EXCEPTION 'A debt position cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("debts", "0003_append_only")]

    operations = [
        migrations.RunSQL(CREATE.replace("{more}", ", 'REPORTED>PAID'"), CREATE.replace("{more}", "")),
    ]
