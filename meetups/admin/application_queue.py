"""The queue of applications: its columns, its filters and its order."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, ExpressionWrapper, F, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from meetups.criteria import CRITERIA
from meetups.models import Application, CriterionCheck, CriterionVerdict
from meetups.permissions import account
from meetups.review_numbers import first_sent
from meetups.services import checks as check_services
from portal.members.models import User
from portal.places.countries import country_name

State = Application.State
Outcome, Verdict = CriterionCheck.Outcome, CriterionVerdict.Verdict
#: Shapes, not colours, tell the outcomes apart.
OUTCOMES = {Outcome.PASS: "●", Outcome.WARN: "◆", Outcome.FAIL: "■", Outcome.UNKNOWN: "?"}
VERDICTS = {Verdict.MET: "✓", Verdict.NOT_MET: "✗", Verdict.WAIVED: "~"}
NO_CHECK, NO_VERDICT = "○", "–"
#: Whose turn it is: the organisers have the word where changes were asked for.
TEAMS_TURN = [State.SUBMITTED, State.IN_REVIEW, State.ON_HOLD]


class QueueFilter(admin.SimpleListFilter):
    """What waits, what is mine, what is late, what is over."""

    title = gettext_lazy("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("open", _("not decided")),
            ("mine", _("claimed by me")),
            ("overdue", _("answer overdue")),
            ("decided", _("decided")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Application]) -> QuerySet[Application]:
        if self.value() == "open":
            return queryset.filter(state__in=Application.OPEN_STATES)
        if self.value() == "mine":
            return queryset.filter(assignee=account(request), state__in=Application.OPEN_STATES)
        if self.value() == "overdue":
            return queryset.filter(state__in=TEAMS_TURN, answer_by_on__lt=timezone.localdate())
        if self.value() == "decided":
            return queryset.filter(decided_at__isnull=False)
        return queryset


class StateFilter(admin.SimpleListFilter):
    """Every state the list can hold; drafts are not in it."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, label) for value, label in State.choices if value != State.DRAFT]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Application]) -> QuerySet[Application]:
        return queryset.filter(state=self.value()) if self.value() else queryset


class AssigneeFilter(admin.SimpleListFilter):
    """Who looks after it."""

    title = gettext_lazy("with")
    parameter_name = "assignee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        people = User.objects.filter(assigned_applications__isnull=False).distinct().select_related("member")
        return [("nobody", _("nobody yet")), *sorted((str(one.pk), one.get_full_name()) for one in people)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Application]) -> QuerySet[Application]:
        value = self.value() or ""
        if value == "nobody":
            return queryset.filter(assignee=None)
        return queryset.filter(assignee=int(value)) if value.isdecimal() and len(value) < 10 else queryset


class CountryFilter(admin.SimpleListFilter):
    """The country of the town."""

    title = gettext_lazy("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        codes = Application.objects.sent().exclude(place=None).order_by().values_list("place__country_code").distinct()
        return sorted(((code, country_name(code)) for (code,) in codes), key=lambda one: one[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Application]) -> QuerySet[Application]:
        return queryset.filter(place__country_code=self.value()) if self.value() else queryset


def mark(key: str, *, check: CriterionCheck | None, verdict: CriterionVerdict | None, now: datetime) -> tuple[str, str]:
    """(two signs, the words they stand for): what the machine found and what a person holds of a criterion."""
    outcome, machine = NO_CHECK, _("not checked yet")
    if check is not None and check.outcome:
        outcome, machine = OUTCOMES[Outcome(check.outcome)], check.get_outcome_display()
        if not check_services.is_fresh(check, now=now):
            machine = _("%(outcome)s, but out of date") % {"outcome": machine}
    person = verdict.get_verdict_display() if verdict else _("no verdict")
    words = _("%(criterion)s: machine: %(machine)s; team: %(person)s") % {
        "criterion": CRITERIA[key][0],
        "machine": machine,
        "person": person,
    }
    return outcome + (VERDICTS[Verdict(verdict.verdict)] if verdict else NO_VERDICT), words


def _newest(rows: Iterable[Any]) -> dict[str, Any]:
    return {row.criterion: row for row in rows}


class ApplicationQueue(admin.ModelAdmin):
    """The list; what may be done with a row stands on its page."""

    list_display = ["title", "answer_by", "symbols", "state", "age", "where", "reviewer"]
    list_filter = [QueueFilter, StateFilter, "kind", AssigneeFilter, CountryFilter]
    search_fields = ["group_name", "place__search", "place__name", "applicant__name", "organisers__name"]
    search_help_text = gettext_lazy("Group, town or organiser")
    list_select_related = ["place", "applicant", "assignee__member"]
    list_per_page = 50
    change_list_template = "admin/meetups/application/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        """Only what was sent in: a draft belongs to its organisers."""
        is_closed = ExpressionWrapper(~Q(state__in=Application.OPEN_STATES), output_field=BooleanField())
        rows = super().get_queryset(request).filter(submitted_at__isnull=False)
        return rows.annotate(is_closed=is_closed, first_sent_at=first_sent())

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The newest check and verdict of each criterion come with the rows of the page: two queries more."""
        found = super().get_changelist_instance(request)
        by_criterion = ["application_id", "criterion"]
        found.result_list = found.result_list.prefetch_related(
            *(
                Prefetch(name, rows.order_by(*by_criterion, "-pk").distinct(*by_criterion), to_attr=f"newest_{name}")
                for name, rows in (
                    ("checks", CriterionCheck.objects.exclude(outcome="").defer("evidence", "explanation")),
                    ("verdicts", CriterionVerdict.objects.all()),
                )
            )
        )
        return found

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """What waits comes first, the nearest promise on top."""
        return [F("is_closed").asc(), F("answer_by_on").asc(nulls_last=True), "-pk"]

    @admin.display(description=gettext_lazy("group"), ordering="group_name")
    def title(self, application: Application) -> str:
        return str(application)

    @admin.display(description=gettext_lazy("age"), ordering="first_sent_at")
    def age(self, application: Application) -> str:
        """Since it was first sent, whatever went back and forth since."""
        sent: datetime | None = application.first_sent_at  # type: ignore[attr-defined]
        return timesince(sent, depth=1) if sent else "–"

    @admin.display(description=gettext_lazy("place"), ordering="place__name")
    def where(self, application: Application) -> str:
        return str(application.place) if application.place else (_("online") if application.is_online else "–")

    @admin.display(description=gettext_lazy("answer by"), ordering="answer_by_on")
    def answer_by(self, application: Application) -> str | SafeString:
        day = application.answer_by_on
        if day is None or not application.is_open:
            return "–"
        late = (timezone.localdate() - day).days
        if late <= 0 or application.state not in TEAMS_TURN:
            return date_format(day)
        words = ngettext("%(count)s day late", "%(count)s days late", late) % {"count": late}
        return format_html('{}<br><strong class="review-late">{}</strong>', date_format(day), words)

    @admin.display(description=gettext_lazy("criteria 1 to 6"))
    def symbols(self, application: Application) -> SafeString:
        checks = _newest(application.newest_checks)  # type: ignore[attr-defined]
        verdicts = _newest(application.newest_verdicts)  # type: ignore[attr-defined]
        now = timezone.now()
        marks = (mark(key, check=checks.get(key), verdict=verdicts.get(key), now=now) for key in CRITERIA)
        html = '<span class="review-mark" role="img" aria-label="{1}" title="{1}">{0}</span>'
        return format_html('<span class="review-marks">{}</span>', format_html_join(" ", html, marks))

    @admin.display(description=gettext_lazy("with"), ordering="assignee")
    def reviewer(self, application: Application) -> str:
        return application.assignee.get_full_name() if application.assignee else "–"
