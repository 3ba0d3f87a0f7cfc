"""A role as a Django group: those who decide on contributions added by hand."""

from django.db import migrations

ROLE = "Contribution reviewers"
LABELS = {
    "view_grant": "Can view contribution added by hand",
    "decide_grant": "Can decide on contributions added by hand",
}


def make_role(apps, schema_editor):
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="dashboard", model="grant"
    )
    # Django makes permissions only after all migrations; made here first, it finds and keeps them.
    permissions = [
        apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": label}
        )[0]
        for codename, label in LABELS.items()
    ]
    role, _ = apps.get_model("auth", "Group").objects.get_or_create(name=ROLE)
    role.permissions.add(*permissions)


def remove_role(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name=ROLE).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0020_contributions_by_hand"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_role, remove_role)]
