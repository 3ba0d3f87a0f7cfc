"""The team imports dated affiliations from a file: it sees what would change before anything is saved."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from dashboard.services.effects import job_of, work_days
from portal.members.employment import Job, organisation_at
from portal.members.models import Affiliation
from portal.members.services.affiliation_files import CHANGED, NEW, Row, read_affiliations, store_affiliations

LARGEST = 1_000_000
#: Stands for an organisation that the file names and that may not be there yet.
_FROM_FILE = -1


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would do: its rows, how many of each action, accepted work that changes hands, and its months."""

    rows: list[Row]
    counts: dict[str, int]
    contributions: int
    accepted: int
    months: list[date]


def preview(rows: list[Row]) -> Preview:
    """Compare all that the named people did with and without the rows; four queries for any number of rows."""
    wanted = [row for row in rows if row.action in {NEW, CHANGED} and row.member is not None]
    members = {row.member.pk for row in wanted if row.member is not None}
    before: dict[int, dict[int, Job]] = {}
    for job in Affiliation.objects.confirmed().filter(member__in=members):
        before.setdefault(job.member_id, {})[job.pk] = job_of(job)
    moved: Counter[str] = Counter()
    months: set[date] = set()
    after = _after(wanted, before)
    for field in ("occurred_at", "credited_at"):
        for member, days in work_days(members, field).items():
            jobs = list(before.get(member, {}).values())
            for day, number in days:
                if organisation_at(jobs, day) != organisation_at(after[member], day):
                    moved[field] += number
                    months |= {day.replace(day=1)} if field == "credited_at" else set()
    counts = Counter(row.action for row in rows)
    return Preview(rows, dict(counts), moved["occurred_at"], moved["credited_at"], sorted(months))


def _after(wanted: Iterable[Row], before: dict[int, dict[int, Job]]) -> dict[int, list[Job]]:
    """Jobs of each member if all rows counted. What a file names is told from what is there by a key of its own."""
    after: dict[int, dict[int, Job]] = {}
    for number, row in enumerate(wanted):
        if row.member is None:
            continue
        jobs = after.setdefault(row.member.pk, dict(before.get(row.member.pk, {})))
        old = row.replaces
        organisation = old.organisation_id if old is not None else _FROM_FILE - number
        jobs[old.pk if old is not None else _FROM_FILE - number] = Job(organisation, row.days, "team")
    return {member: list(jobs.values()) for member, jobs in after.items()}


class FileForm(forms.Form):
    """The file, or once it was shown its text; and whether the people said yes elsewhere."""

    file = forms.FileField(label=_("CSV file"), required=False, help_text=_("Columns: handle, organisation, from, to."))
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    has_their_word = forms.BooleanField(
        label=_("These people confirmed it to us"),
        required=False,
        help_text=_("Without this, each of them is asked before anything counts."),
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        upload = answers.get("file")
        if upload is not None and upload.size > LARGEST:
            raise ValidationError({"file": _("The file is larger than 1 MB: cut it in parts.")})
        try:
            text = upload.read().decode("utf-8-sig") if upload is not None else answers.get("text", "")
        except UnicodeDecodeError as error:
            raise ValidationError({"file": _("The file is no text in UTF-8.")}) from error
        if not text.strip():
            raise ValidationError({"file": _("Choose a file.")})
        if len(text) > LARGEST or "\x00" in text:
            raise ValidationError({"file": _("The file is no text in UTF-8, or larger than 1 MB.")})
        try:
            answers["rows"] = read_affiliations(text)
        except ValidationError as error:
            raise ValidationError({"file": error.messages}) from error
        answers["text"] = text
        return answers


def affiliation_file(request: HttpRequest) -> HttpResponse:
    """The page in the admin: a file, then what it would do; saved only by a POST from that preview."""
    if not request.user.has_perm("members.add_affiliation"):
        raise PermissionDenied
    form = FileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {**admin.site.each_context(request), "title": now_("Import affiliations"), "form": form}
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        if "save" in request.POST:
            number = store_affiliations(answers["rows"], has_their_word=answers["has_their_word"])
            messages.success(request, now_("%(number)s affiliations saved.") % {"number": number})
            return redirect("admin:members_affiliation_changelist")
        again = FileForm(initial={"text": answers["text"], "has_their_word": answers["has_their_word"]})
        context |= {"preview": preview(answers["rows"]), "form": again}
    return TemplateResponse(request, "admin/members/affiliation/file.html", context)
