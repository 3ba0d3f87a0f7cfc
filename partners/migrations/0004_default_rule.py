"""The rule that ranks until the team makes another: by the activity of the month."""

from datetime import date

from django.db import migrations

FROM_ON = date(2000, 1, 1)


def add(apps, schema_editor):
    apps.get_model("partners", "RankingRule").objects.get_or_create(
        from_on=FROM_ON, defaults={"name": "Last month's accepted work", "preset": "activity"}
    )


class Migration(migrations.Migration):
    dependencies = [("partners", "0003_append_only")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
