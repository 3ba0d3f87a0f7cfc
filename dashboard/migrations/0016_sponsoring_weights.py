"""What sponsoring an event is worth, in every version made from the preset `default` that does not say so yet."""

from django.db import migrations

ROWS = (("", 5), ("conference", 10))


def add(apps, schema_editor):
    weight = apps.get_model("dashboard", "Weight")
    for version in apps.get_model("dashboard", "WeightVersion").objects.filter(preset="default"):
        for state, credit in ROWS:
            weight.objects.get_or_create(
                version=version, kind="sponsored", state=state, defaults={"recognition": 0, "credit": credit}
            )


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0015_draft_weights"),
    ]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
