"""A row for each statement that changed what pages show: the version of a shared page counts them."""

import django.utils.timezone
from django.db import migrations, models

FUNCTION = """
CREATE FUNCTION dashboard_page_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dashboard_pagechange (changed_at) VALUES (now());
    RETURN NULL;
END $$
"""
#: Table: the columns of an update that pages show; empty for all.
SHOWN = {
    "dashboard_contribution": "",
    "dashboard_source": "name, service, last_good_at, last_error, is_enabled, is_demo",
    "dashboard_channel": "name, url, kind",
    "dashboard_weight": "",
    "dashboard_weightversion": "",
    "dashboard_levelrule": "",
    "members_organisation": "name, slug",
    "members_affiliation": "",
    "members_identity": "member_id",
    "members_member": "name, handle, public_id, visibility, bot_state, merged_into_id, erased_at, place_id",
}


def triggers():
    for table, columns in SHOWN.items():
        of = f"UPDATE OF {columns}" if columns else "UPDATE"
        events = f"{of} OR DELETE" if table.startswith("members_") and columns else f"INSERT OR {of} OR DELETE"
        yield migrations.RunSQL(
            f"CREATE TRIGGER dashboard_page_changed AFTER {events} ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION dashboard_page_changed()",
            f"DROP TRIGGER dashboard_page_changed ON {table}",
        )


class Migration(migrations.Migration):

    dependencies = [
        ("dashboard", "0012_credit_of_volunteers"),
        ("members", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='PageChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION dashboard_page_changed()"),
        *triggers(),
    ]
