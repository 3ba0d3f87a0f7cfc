"""The summaries once more: slow, one contribution at a time, in plain Python. The SQL must say the same."""

from collections import Counter, defaultdict
from datetime import UTC, date, timedelta
from itertools import pairwise
from typing import Any

from dashboard.models import Contribution, WeightVersion
from dashboard.weights import PRESETS
from portal.members.models import Affiliation, Member

ROOTS = {"issue", "change", "discussion", "topic", "question", "submission"}
REVIEWS = {"review", "review_comment"}


class Twin:
    """Everything recomputed as of a UTC day."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.versions = [(v.from_on, PRESETS[v.preset].rows) for v in WeightVersion.objects.order_by("from_on")]
        rows = Contribution.objects.select_related("identity__member", "channel")
        self.roots: dict[tuple[int, str], Any] = {}
        for row in sorted(rows, key=lambda r: (r.occurred_at, r.external_id)):
            if row.kind in ROOTS and row.thread:
                self.roots.setdefault((row.source_id, row.thread), row)
        self.rows = [
            r
            for r in sorted(rows, key=lambda r: (r.occurred_at, r.source_id, r.external_id))
            if r.deleted_at is None
            and r.identity.member.bot_state != Member.BotState.BOT
            and r.occurred_at.astimezone(UTC).date() <= today
        ]
        self.affiliations = list(Affiliation.objects.confirmed())
        for row in self.rows:
            self._describe(row)
        self._value()

    def organisation(self, member_id: int, day: date) -> int | None:
        for a in self.affiliations:
            if a.member_id == member_id and (a.days.lower or date.min) <= day < (a.days.upper or date.max):
                return a.organisation_id
        return None

    def _describe(self, row: Any) -> None:
        row.is_person = not row.identity.uid.startswith("deleted:")
        row.member_id = row.identity.member_id
        row.day = row.occurred_at.astimezone(UTC).date()
        row.credit_at = row.credited_at or row.occurred_at
        row.credit_day = row.credit_at.astimezone(UTC).date()
        root = self.roots.get((row.source_id, row.thread))
        is_own = root is not None and root.identity.member_id == row.member_id and row.is_person
        row.shown_state = row.state
        if is_own and row.kind in REVIEWS:
            row.shown_state = "self"
        if is_own and row.kind in ("answer", "post") and row.state == "accepted":
            row.shown_state = "self_accepted"
        is_same_person = root is not None and root.identity.member_id == row.member_id
        row.helps_another = (row.kind == "answer" or row.state == "accepted") and not is_same_person
        row.organisation = self.organisation(row.member_id, row.day) if row.is_person else None
        row.credit_organisation = self.organisation(row.member_id, row.credit_day) if row.is_person else None

    def weight(self, row: Any, day: date) -> Any:
        table = max((v for v in self.versions if v[0] <= day), default=(None, ()), key=lambda v: v[0])[1]
        exact = [w for w in table if w.kind == row.kind and w.state == row.shown_state]
        return (exact or [w for w in table if w.kind == row.kind and w.state == ""] or [None])[0]

    def _value(self) -> None:
        reviewed, chatted, months = set(), set(), Counter()
        for row in self.rows:
            row.is_first_review = row.thread == "" or (row.member_id, row.source_id, row.thread) not in reviewed
            row.is_first_chat = (row.member_id, row.channel_id, row.day) not in chatted
            if row.kind in REVIEWS:
                reviewed.add((row.member_id, row.source_id, row.thread))
            if row.kind == "message":
                chatted.add((row.member_id, row.channel_id, row.day))
        for row in sorted(self.rows, key=lambda r: (r.credit_at, r.source_id, r.external_id)):
            key = (row.member_id, row.kind, row.shown_state, row.credit_day.replace(day=1))
            months[key] += 1
            row.nth = months[key]
        for row in self.rows:
            row.recognition = self._points(row, self.weight(row, row.day), "recognition")
            row.credit = self._points(row, self.weight(row, row.credit_day), "credit")

    def _points(self, row: Any, weight: Any, ledger: str) -> int:
        if weight is None or row.nth > (weight.monthly_cap or 10**9):
            return 0
        if weight.counts == "thread" and not row.is_first_review:
            return 0
        if weight.counts == "channel_day" and not row.is_first_chat:
            return 0
        return getattr(weight, ledger)

    def day_counts(self) -> Counter:
        first = self.today - timedelta(days=729)
        return Counter((r.day, r.channel_id, r.kind) for r in self.rows if r.day >= first)

    def member_windows(self, days: int) -> dict[int, tuple]:
        start = self.today - timedelta(days=days - 1)
        found = {}
        for member_id in {r.member_id for r in self.rows if r.is_person}:
            own = [r for r in self.rows if r.member_id == member_id and r.is_person]
            inside = [r for r in own if r.day >= start]
            credit = sum(r.credit for r in own if start <= r.credit_day <= self.today)
            if not inside and not credit:
                continue
            weeks = [0] * 13
            for r in own:
                if (self.today - r.day).days < 91:
                    weeks[12 - (self.today - r.day).days // 7] += 1
            found[member_id] = (
                len(inside),
                sum(r.recognition for r in inside),
                credit,
                len({r.day for r in inside}),
                len({r.channel_id for r in inside}),
                sum(r.helps_another for r in inside),
                weeks,
                min(r.occurred_at for r in own),
                max(r.occurred_at for r in own),
                min(r.day for r in own) >= start,
                self.organisation(member_id, self.today),
            )
        return found

    def organisation_windows(self, days: int) -> dict[int, tuple]:
        start = self.today - timedelta(days=days - 1)
        found = {}
        for pk in {r.organisation for r in self.rows} | {r.credit_organisation for r in self.rows} - {None}:
            inside = [r for r in self.rows if pk and r.organisation == pk and r.day >= start]
            credit = sum(
                r.credit for r in self.rows if r.credit_organisation == pk and start <= r.credit_day <= self.today
            )
            if pk and (inside or credit):
                people, active = {r.member_id for r in inside}, {r.day for r in inside}
                found[pk] = (len(inside), sum(r.recognition for r in inside), credit, len(people), len(active))
        return found

    def month_credits(self, horizon: date) -> dict[tuple, tuple]:
        found: dict[tuple, list] = defaultdict(lambda: [0, 0, 0])
        for r in self.rows:
            if r.is_person and horizon <= r.credit_day <= self.today:
                key = (r.credit_day.replace(day=1), r.member_id, r.credit_organisation, r.kind, r.shown_state, r.credit)
                found[key] = [a + b for a, b in zip(found[key], (1, r.recognition, r.credit), strict=True)]
        return {key: tuple(value) for key, value in found.items()}

    def totals(self, first: date, last: date) -> dict[str, int]:
        inside = [r for r in self.rows if first <= r.day <= last]
        people = {r.member_id for r in inside if r.is_person}
        new, returning = set(), set()
        for member_id in people:
            days = sorted({r.day for r in self.rows if r.member_id == member_id})
            if days[0] >= first:
                new.add(member_id)
            elif any(first <= b <= last and (b - a).days >= 90 for a, b in pairwise(days)):
                returning.add(member_id)
        return {
            "contributions": len(inside),
            "people": len(people),
            "new": len(new),
            "returning": len(returning),
            "organisations": len({r.organisation for r in inside} - {None}),
        }
