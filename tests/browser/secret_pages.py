"""Pages that only a secret in a letter leads to, and one's own application: made in the demo, looked at like others."""

import json
from collections.abc import Mapping

from tests.browser.processes import Portal

#: Who opens which.
ROLES = (("", "mail_stop"), ("", "update_stop"), ("", "co_organiser"), ("member", "application_detail"))
_MAKE = """
import json
from django.urls import reverse
from django.utils import timezone
from dashboard.services import update_letters
from meetups.models import Application, Group, GroupMembership
from meetups.services import member_letters, organisers
from portal.members.models import Member
group = Group.objects.get(slug="leipzig-automation-circle")
seat = GroupMembership.objects.filter(group=group).first()
runs = group.organisers.current().select_related("member").first().member
token = member_letters.choice_token(group_id=group.pk, member_id=seat.member_id, choice=member_letters.DATES)
asked = organisers.invite(group=group, name="Kim", email="kim@newcomers.example", by=runs, now=timezone.now())
member = Member.objects.get(user__email="member@demo.example")
own = Application.objects.filter(applicant=member).order_by("pk").first()
print(json.dumps({
    "mail_stop": reverse("meetups:mail_stop", args=[token]),
    "update_stop": reverse("updates:stop", args=[update_letters.stop_token(member.user_id)]),
    "co_organiser": reverse("meetups:co_organiser", args=[asked.token]),
    "application_detail": own.get_absolute_url(),
}))
"""


def make(portal: Portal) -> Mapping[str, str]:
    """Name of the view -> its address."""
    printed = portal.manage("shell", "-c", _MAKE)
    found: dict[str, str] = json.loads(printed.strip().splitlines()[-1])
    return found
