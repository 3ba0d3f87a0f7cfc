"""The conduct team as a Django group that holds the one permission of this app."""

from django.db import migrations

TEAM_NAME = "Conduct team"


def make_team(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    # Django makes permissions only after all migrations; made here first, it finds and keeps it.
    content_type, _ = ContentType.objects.get_or_create(app_label="conduct", model="report")
    permission, _ = Permission.objects.get_or_create(
        content_type=content_type, codename="view_report", defaults={"name": "Can view report"}
    )
    team, _ = apps.get_model("auth", "Group").objects.get_or_create(name=TEAM_NAME)
    team.permissions.add(permission)


def remove_team(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name=TEAM_NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("conduct", "0002_append_only"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_team, remove_team)]
