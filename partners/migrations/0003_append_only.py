"""A ranked month is only ever added to: runs and standings are neither changed nor deleted.

Accounts that go leave their run behind (SET NULL); runs that rank partners of the demo go with it.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION partners_run_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.is_demo THEN
            RETURN OLD;
        END IF;
    ELSIF to_jsonb(NEW) - 'made_by_id' = to_jsonb(OLD) - 'made_by_id' AND NEW.made_by_id IS NULL THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a ranked month is frozen' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION partners_standing_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM partners_rankingrun WHERE id = OLD.run_id AND is_demo) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a standing of a ranked month is frozen' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER partners_rankingrun_stays BEFORE UPDATE OR DELETE ON partners_rankingrun
    FOR EACH ROW EXECUTE FUNCTION partners_run_stays();
CREATE TRIGGER partners_standing_stays BEFORE UPDATE OR DELETE ON partners_standing
    FOR EACH ROW EXECUTE FUNCTION partners_standing_stays();
"""
BACKWARD = """
DROP TRIGGER partners_standing_stays ON partners_standing;
DROP TRIGGER partners_rankingrun_stays ON partners_rankingrun;
DROP FUNCTION partners_standing_stays();
DROP FUNCTION partners_run_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0002_frozen_rankings")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
