"""Names and mailboxes that many people use, to begin with; the team edits the list in the admin."""

from django.db import migrations

MAILBOXES = """
    abuse accounts admin administrator billing bot careers community contact dev developer developers devnull events
    feedback finance git github hello help helpdesk hi hostmaster hr info it jobs legal list mail mailer mailer-daemon
    marketing me no-reply nobody noreply office ops order orders postmaster press privacy root sales security service
    shop social support sysadmin team test tech user web webmaster website welcome wordpress
""".split()
USERNAMES = """
    admin administrator anon anonymous community contact deleted demo dev developer ghost guest help info mail marketing
    me member nobody none null office root sales support system team test tester unknown user web webmaster
""".split()
NAMES = """
    your name|my name|first last|first last name|john doe|jane doe|test user|deleted user|unknown user|anonymous user|
    support team|marketing team|sales team
""".strip().split("|")


def add(apps, schema_editor):
    shared = apps.get_model("members", "SharedName")
    rows = [*(("mailbox", key) for key in MAILBOXES), *(("username", key) for key in USERNAMES)]
    rows += [("name", key.strip()) for key in NAMES]
    shared.objects.bulk_create((shared(kind=kind, key=key) for kind, key in rows), ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("members", "0002_identity_matching")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
