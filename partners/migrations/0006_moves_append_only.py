"""The steps of a partner's application are only ever added to; accounts that go leave theirs behind."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION partners_move_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT FROM partners_partnerapplication WHERE id = OLD.application_id AND NOT is_demo) THEN
            RETURN OLD;
        END IF;
    ELSIF to_jsonb(NEW) - 'actor_id' = to_jsonb(OLD) - 'actor_id' AND NEW.actor_id IS NULL THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the steps of an application are only ever added to' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER partners_move_stays BEFORE UPDATE OR DELETE ON partners_partnerapplicationmove
    FOR EACH ROW EXECUTE FUNCTION partners_move_stays();
"""
BACKWARD = """
DROP TRIGGER partners_move_stays ON partners_partnerapplicationmove;
DROP FUNCTION partners_move_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0005_contacts_applications_sponsorship")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
