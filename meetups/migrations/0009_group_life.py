"""Moves of a group are only ever added to; when its members heard of a step; who may suspend groups and answer askers."""

from django.db import migrations, models

#: A demo goes with its history; an account that goes leaves its name in it.
FORWARD = """
CREATE FUNCTION meetups_groupmove_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.actor_id IS NULL AND to_jsonb(NEW) - 'actor_id' = to_jsonb(OLD) - 'actor_id' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM meetups_group WHERE id = OLD.group_id AND is_demo) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER meetups_groupmove_append_only BEFORE UPDATE OR DELETE ON meetups_groupmove
    FOR EACH ROW EXECUTE FUNCTION meetups_groupmove_append_only();
"""
BACKWARD = """
DROP TRIGGER meetups_groupmove_append_only ON meetups_groupmove;
DROP FUNCTION meetups_groupmove_append_only();
"""
ANSWERS = ("organiserrequest", "answer_organiserrequest", "Can answer who asks to run a group")
READS = ("organiserrequest", "view_organiserrequest", "Can view organiser request")
SUSPENDS = ("group", "suspend_group", "Can suspend, restore and archive groups")
ROLES = {"Application reviewers": (READS, ANSWERS), "Application leads": (READS, ANSWERS, SUSPENDS)}


def extend_roles(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    for name, permissions in ROLES.items():
        role = apps.get_model("auth", "Group").objects.filter(name=name).first()
        for model, codename, label in permissions:
            content_type, _ = ContentType.objects.get_or_create(app_label="meetups", model=model)
            # Django makes permissions only after all migrations; made here first, it finds and keeps them.
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": label}
            )
            if role is not None:
                role.permissions.add(permission)


def shrink_roles(apps, schema_editor):
    codenames = [codename for _model, codename, _label in (READS, ANSWERS, SUSPENDS)]
    for role in apps.get_model("auth", "Group").objects.filter(name__in=ROLES):
        role.permissions.remove(*role.permissions.filter(content_type__app_label="meetups", codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [("meetups", "0008_since")]

    operations = [
        migrations.AlterModelOptions(
            name="group",
            options={
                "ordering": ["slug"],
                "permissions": [("suspend_group", "Can suspend, restore and archive groups")],
            },
        ),
        migrations.AlterModelOptions(
            name="organiserrequest",
            options={
                "ordering": ["-pk"],
                "permissions": [("answer_organiserrequest", "Can answer who asks to run a group")],
            },
        ),
        migrations.AddField(
            model_name="group",
            name="members_told_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When the members heard of the announced step.",
                null=True,
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(extend_roles, shrink_roles),
    ]
