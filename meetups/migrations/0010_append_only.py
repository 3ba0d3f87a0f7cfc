"""What was decided, judged, sent and said is only ever added to, and a decision never changes again.

Accounts that go leave their rows behind (SET NULL); rows of the demo go with it.
"""

from django.db import migrations

TABLES = ["applicationevent", "applicationrevision", "criterionverdict", "applicationcomment"]
FORWARD = """
CREATE FUNCTION meetups_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    accounts CONSTANT text[] := ARRAY['actor_id', 'given_by_id', 'sent_by_id', 'author_id'];
    account text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT FROM meetups_application WHERE id = OLD.application_id AND is_demo) THEN
            RETURN OLD;
        END IF;
    ELSIF to_jsonb(NEW) - accounts = to_jsonb(OLD) - accounts THEN
        FOREACH account IN ARRAY accounts LOOP
            IF to_jsonb(NEW) ->> account IS NOT NULL AND to_jsonb(NEW) -> account IS DISTINCT FROM to_jsonb(OLD) -> account THEN
                RAISE EXCEPTION 'rows of % keep their author', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END LOOP;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION meetups_decision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'application % is %, which is final', OLD.id, OLD.state USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER meetups_application_decision_stays BEFORE UPDATE ON meetups_application FOR EACH ROW
    WHEN (OLD.state IN ('approved', 'declined', 'redirected', 'withdrawn', 'lapsed') AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION meetups_decision_stays();
""" + "".join(
    f"""
CREATE TRIGGER meetups_{table}_append_only BEFORE UPDATE OR DELETE ON meetups_{table}
    FOR EACH ROW EXECUTE FUNCTION meetups_append_only();
"""
    for table in TABLES
)
BACKWARD = (
    "".join(f"DROP TRIGGER meetups_{table}_append_only ON meetups_{table};\n" for table in TABLES)
    + """
DROP TRIGGER meetups_application_decision_stays ON meetups_application;
DROP FUNCTION meetups_decision_stays();
DROP FUNCTION meetups_append_only();
"""
)


class Migration(migrations.Migration):
    dependencies = [("meetups", "0009_group_life")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
