"""Two roles as Django groups: those who review applications, and those who decide them."""

from django.db import migrations

VIEW = ["view_application", "view_group", "view_event", "view_series"]
ROLES = {
    "Application reviewers": [*VIEW, "review_application"],
    "Application leads": [*VIEW, "review_application", "decide_application"],
}
LABELS = {
    "view_application": ("application", "Can view application"),
    "view_group": ("group", "Can view group"),
    "view_event": ("event", "Can view event"),
    "view_series": ("series", "Can view series"),
    "review_application": ("application", "Can review applications"),
    "decide_application": ("application", "Can approve and decline applications"),
}


def make_roles(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    AuthGroup = apps.get_model("auth", "Group")
    permissions = {}
    for codename, (model, label) in LABELS.items():
        # Django makes permissions only after all migrations; made here first, it finds and keeps them.
        content_type, _ = ContentType.objects.get_or_create(app_label="meetups", model=model)
        permissions[codename], _ = Permission.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": label}
        )
    for name, codenames in ROLES.items():
        role, _ = AuthGroup.objects.get_or_create(name=name)
        role.permissions.add(*(permissions[codename] for codename in codenames))


def remove_roles(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("meetups", "0003_application_criteria_and_publishing"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_roles, remove_roles)]
