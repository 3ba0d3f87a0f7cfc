"""Notes and the record of readers are only ever added to; an account that goes leaves its name in them."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION conduct_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['author_id', 'viewer_id'] = to_jsonb(OLD) - ARRAY['author_id', 'viewer_id']
       AND coalesce(to_jsonb(NEW) ->> 'author_id', to_jsonb(NEW) ->> 'viewer_id') IS NULL THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER conduct_reportnote_append_only BEFORE UPDATE OR DELETE ON conduct_reportnote
    FOR EACH ROW EXECUTE FUNCTION conduct_append_only();
CREATE TRIGGER conduct_reportview_append_only BEFORE UPDATE OR DELETE ON conduct_reportview
    FOR EACH ROW EXECUTE FUNCTION conduct_append_only();
"""
BACKWARD = """
DROP TRIGGER conduct_reportview_append_only ON conduct_reportview;
DROP TRIGGER conduct_reportnote_append_only ON conduct_reportnote;
DROP FUNCTION conduct_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("conduct", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
