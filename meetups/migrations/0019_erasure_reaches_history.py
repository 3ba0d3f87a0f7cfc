"""One exception to "only ever added": the erasure of a person blanks their name and words in what was kept of them."""

from importlib import import_module

from django.db import migrations

before = import_module("meetups.migrations.0010_append_only")
FUNCTION = before.FORWARD.split("CREATE FUNCTION meetups_decision_stays")[0].strip()
WORDS = "ARRAY['answers', 'text', 'public_note', 'private_note', 'reason']"
REPLACED = FUNCTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
ALLOWING = REPLACED.replace(
    "    ELSIF to_jsonb(NEW) - accounts",
    f"""    ELSIF current_setting('portal.erasing', true) = 'on' AND to_jsonb(NEW) - {WORDS} = to_jsonb(OLD) - {WORDS} THEN
        RETURN NEW;
    ELSIF to_jsonb(NEW) - accounts""",
    1,
)


class Migration(migrations.Migration):
    dependencies = [
        ("meetups", "0018_letters_to_members"),
    ]

    operations = [migrations.RunSQL([ALLOWING], [REPLACED])]
