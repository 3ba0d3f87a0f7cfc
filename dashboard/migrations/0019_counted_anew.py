"""What the summaries hold has changed: those of an older version are counted anew within a minute."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dashboard", "0018_alerts")]
    operations = [
        migrations.RunSQL(
            "UPDATE dashboard_summarystate SET stale_since = now() WHERE stale_since IS NULL", migrations.RunSQL.noop
        )
    ]
