"""The thresholds of levels in force from the start: the preset `default`."""

from dataclasses import asdict
from datetime import date

from django.db import migrations

from dashboard.levels import DEFAULT

FROM_ON = date(2000, 1, 1)


def install(apps, schema_editor):
    apps.get_model("dashboard", "LevelRule").objects.create(
        name=DEFAULT.name, preset=DEFAULT.key, from_on=FROM_ON, **asdict(DEFAULT.rule)
    )


def remove(apps, schema_editor):
    apps.get_model("dashboard", "LevelRule").objects.filter(preset=DEFAULT.key, from_on=FROM_ON).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0009_levels"),
    ]
    operations = [migrations.RunPython(install, remove)]
