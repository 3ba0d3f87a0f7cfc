"""Who works where: what the person says, and what they answer to the claims of others."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.members.days import validate_day
from portal.members.models import Affiliation, Member, MemberChange, Organisation

ONE_DAY = timedelta(days=1)


def add_affiliation(
    *, member: Member, organisation: Organisation, from_on: date | None, last_on: date | None = None
) -> Affiliation:
    """The person says that they belong(ed) to the organisation, from a day to a last day, both counted; None is open.

    Claims of others for these days that the person has not answered give way: their own word weighs more.
    Raises ValidationError, at `from_on` or `last_on`, for days that do not fit or that another affiliation has.
    """
    days = _range(from_on, last_on)
    with transaction.atomic():
        _refuse_overlap(member, days)
        _claims_give_way(member, days)
        affiliation = Affiliation(
            member=member,
            organisation=organisation,
            days=days,
            source=Affiliation.Source.PERSON,
            confirmed_at=timezone.now(),
        )
        _save(affiliation)
        _note(affiliation)
    return affiliation


def confirm_affiliation(*, affiliation: Affiliation) -> bool:
    """The person says yes to a claim; False when it was answered before."""
    return _answer(affiliation, "confirmed_at")


def reject_affiliation(*, affiliation: Affiliation) -> bool:
    """The person says no: the claim earns nobody credit and is remembered, so that it is not made again."""
    return _answer(affiliation, "rejected_at")


def end_affiliation(*, affiliation: Affiliation, last_on: date) -> Affiliation:
    """Set the last day. Raises ValidationError, at `last_on`, for a day before the first or after the known end."""
    _refuse_odd_days(last_on=last_on)
    days = affiliation.days
    if days.lower and last_on < days.lower:
        raise ValidationError(
            {"last_on": _("The last day cannot be before the first one, %(day)s.") % {"day": date_format(days.lower)}}
        )
    if days.upper and last_on >= days.upper:
        raise ValidationError({"last_on": _("It has ended before that day.")})
    with transaction.atomic():
        affiliation.days = DateRange(days.lower, last_on + ONE_DAY)
        affiliation.save(update_fields=["days"])
        _note(affiliation)
    return affiliation


def correct_affiliation(*, affiliation: Affiliation, from_on: date | None, last_on: date | None) -> Affiliation:
    """The person sets both days anew. Raises ValidationError as `add_affiliation` does."""
    days = _range(from_on, last_on)
    with transaction.atomic():
        _refuse_overlap(affiliation.member, days, but=affiliation.pk)
        _claims_give_way(affiliation.member, days, but=affiliation.pk)
        affiliation.days = days
        _save(affiliation)
        _note(affiliation)
    return affiliation


def remove_affiliation(*, affiliation: Affiliation) -> None:
    """The person says that it was never so: it counts for nobody, and is remembered so that nobody claims it again."""
    with transaction.atomic():
        Affiliation.objects.filter(pk=affiliation.pk).update(confirmed_at=None, rejected_at=timezone.now())
        _note(affiliation)


def _range(from_on: date | None, last_on: date | None) -> DateRange:
    _refuse_odd_days(from_on=from_on, last_on=last_on)
    if from_on and last_on and last_on < from_on:
        raise ValidationError({"last_on": _("The last day is before the first one.")})
    return DateRange(from_on, last_on + ONE_DAY if last_on else None)


def _claims_give_way(member: Member, days: DateRange, but: int = 0) -> None:
    member.affiliations.pending().filter(days__overlap=days).exclude(pk=but).update(lapsed_at=timezone.now())


def _answer(affiliation: Affiliation, field: str) -> bool:
    with transaction.atomic():
        pending = Affiliation.objects.pending().filter(pk=affiliation.pk)
        is_answered = bool(pending.update(**{field: timezone.now()}))
        if is_answered:
            _note(affiliation)
    affiliation.refresh_from_db()
    return is_answered


def _refuse_odd_days(**days: date | None) -> None:
    for field, day in days.items():
        try:
            if day is not None:
                validate_day(day)
        except ValidationError as error:
            raise ValidationError({field: error}) from error


def _refuse_overlap(member: Member, days: DateRange, but: int = 0) -> None:
    # The lock makes two forms sent at once wait for each other; the exclusion constraint stands behind it.
    Member.objects.select_for_update().get(pk=member.pk)
    others = member.affiliations.confirmed().filter(days__overlap=days).exclude(pk=but)
    other = others.select_related("organisation").first()
    if other is not None:
        raise ValidationError({"from_on": _overlap_sentence(other)})


def _overlap_sentence(other: Affiliation) -> str:
    last = other.days.upper - ONE_DAY if other.days.upper else None
    words = {
        "organisation": other.organisation.name,
        "first": date_format(other.days.lower) if other.days.lower else _("the beginning"),
        "last": date_format(last) if last else _("now"),
    }
    return (
        _("These days overlap with %(organisation)s, %(first)s to %(last)s. End that one first, or change the days.")
        % words
    )


def _save(affiliation: Affiliation) -> None:
    try:
        with transaction.atomic():
            affiliation.save()
    except IntegrityError as error:
        raise ValidationError({"from_on": _("You already have an organisation on some of these days.")}) from error


def _note(affiliation: Affiliation) -> None:
    MemberChange.objects.create(member_id=affiliation.member_id, kind=MemberChange.Kind.AFFILIATION)
