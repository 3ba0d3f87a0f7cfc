"""The weights in force from the start: the preset `default`."""

from dataclasses import asdict
from datetime import date

from django.db import migrations

from dashboard.weights import DEFAULT

FROM_ON = date(2000, 1, 1)


def install(apps, schema_editor):
    version = apps.get_model("dashboard", "WeightVersion").objects.create(
        name=DEFAULT.name, preset=DEFAULT.key, from_on=FROM_ON
    )
    weight = apps.get_model("dashboard", "Weight")
    weight.objects.bulk_create(weight(version=version, **asdict(row)) for row in DEFAULT.rows)


def remove(apps, schema_editor):
    apps.get_model("dashboard", "WeightVersion").objects.filter(preset=DEFAULT.key, from_on=FROM_ON).delete()


class Migration(migrations.Migration):
    dependencies = [("dashboard", "0003_summary_columns")]
    operations = [migrations.RunPython(install, remove)]
