"""All that is kept about a person as a file, and erasing them everywhere: one function of each app, called in order."""

import io
import json
import zipfile
from datetime import date, datetime
from typing import Any

from django.db import transaction

import dashboard.services.erasure as activity
import meetups.services.erasure as gatherings
import partners.services.erasure as companies
import portal.conduct.erasure as conduct
import portal.mail.erasure as letters
import portal.members.services.erasure as people
from portal.members.models import Member


def export_for(member: Member) -> bytes:
    """A zip with one JSON file for each part of the site: everything that is kept about the member."""
    key = _recipient_key(member)
    parts = {
        "person": people.export_for(member),
        "activity": activity.export_for(member),
        "partners": companies.export_for(member, people.addresses_of(member)),
        "meetups": gatherings.export_for(member),
        "conduct": conduct.export_for(member),
        "letters": letters.export_for(people.addresses_of(member), key),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, rows in parts.items():
            packed.writestr(f"{name}.json", json.dumps(rows, default=_plain, ensure_ascii=False, indent=1))
    return buffer.getvalue()


def erase(*, member: Member, now: datetime) -> None:
    """Erase the member in every app, the highest first, all or nothing. Raises ErasureRefused before it begins."""
    with transaction.atomic():
        people.check_erasable(member)
        addresses, key = people.addresses_of(member), _recipient_key(member)
        companies.erase(member, addresses, now=now)
        activity.erase(member, now=now)
        gatherings.erase(member)
        conduct.erase(member)
        people.erase(member, now=now)
        letters.erase(addresses, key)


def _recipient_key(member: Member) -> str:
    return f"user:{member.user_id}" if member.user_id else ""


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if hasattr(value, "lower") and hasattr(value, "upper"):
        return [value.lower and value.lower.isoformat(), value.upper and value.upper.isoformat()]
    return str(value)
