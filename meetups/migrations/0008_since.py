"""Rows from before: as far as is known, they have been in their state since then."""

from django.db import migrations

FORWARD = """
UPDATE meetups_application SET state_since = changed_at;
UPDATE meetups_group SET state_since = coalesce(last_held_at, founded_at);
"""


class Migration(migrations.Migration):
    dependencies = [("meetups", "0007_review_and_life")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
