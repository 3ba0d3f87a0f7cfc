"""Every summary counted once more from raw contributions, member by member, with the pure rules of levels."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from dashboard import kinds, levels
from dashboard.concentration import effective_number, fewest_for_half, largest_share
from dashboard.levels import Facts, Level, OrganisationFacts, Rule
from dashboard.services.level_rules import rule_on
from dashboard.services.recount_rows import Row, Valuer
from dashboard.services.summary_span import GROWTH_MONTHS, MONTHS, WINDOWS, counted_since, months_before


class Recount:
    """What the summaries should hold as of a UTC day, in the shapes that `agreement` compares."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.rule: Rule = rule_on(today)
        self.day_counts: Counter[tuple] = Counter()
        self.member_windows: dict[int, dict[int, dict[str, Any]]] = {days: {} for days in WINDOWS}
        self.member_levels: dict[int, dict[str, Any]] = {}
        self.months: dict[tuple, list[int]] = defaultdict(lambda: [0, 0, 0])
        self.works: dict[int, tuple] = {}
        self.heat = {days: [[0] * 24 for _day in range(7)] for days in WINDOWS}
        self.growth: dict[date, Counter[str]] = defaultdict(Counter)
        self.spans = {(days, age): _Span(today, days, age) for days in WINDOWS for age in (0, days)}
        self.moves: dict[int, Counter[tuple]] = {days: Counter() for days in WINDOWS}
        self.organisations: dict[int, list[Row]] = defaultdict(list)
        self.ever = 0
        self.valuer = Valuer(today)
        self.valuer.read_threads()
        self.valuer.read_lone()
        for rows in self.valuer.members():
            self._count(rows)
            if rows[0].is_person:
                self._person(rows)

    def _count(self, rows: list[Row]) -> None:
        """What needs no person."""
        since = counted_since(self.today)
        for row in rows:
            if row.day >= since:
                self.day_counts[row.day, row.channel_id, row.kind] += 1
                self.growth[row.day.replace(day=1)]["contributions"] += 1
            for days in WINDOWS:
                if row.day > self.today - timedelta(days=days):
                    self.heat[days][row.day.weekday()][row.occurred_at.hour] += 1

    def _person(self, rows: list[Row]) -> None:
        days = sorted({row.day for row in rows})
        self.ever += 1
        self.growth[days[0].replace(day=1)]["new"] += 1
        for month in {day.replace(day=1) for day in days}:
            self.growth[month]["people"] += 1
        self._credit(rows)
        for span in self.spans.values():
            span.add(rows, days)
        self._level(rows, days)
        for window in WINDOWS:
            self._window(rows, days, window)
        for row in rows:
            for organisation in {row.organisation, row.credit_organisation} - {None}:
                self.organisations[organisation].append(row)  # type: ignore[index]

    def _credit(self, rows: list[Row]) -> None:
        horizon = months_before(self.today, MONTHS)
        for row in rows:
            if not horizon <= row.credit_day <= self.today:
                continue
            month = row.credit_day.replace(day=1)
            key = (month, row.member_id, row.credit_organisation, row.kind, row.state, row.credit)
            for at, value in enumerate((1, row.recognition, row.credit)):
                self.months[key][at] += value
            if row.credit:
                self.works[row.id] = (month, row.credit_organisation, row.member_id, row.state, row.credit)

    def facts(self, rows: Iterable[Row], age: int) -> Facts:
        """What a person did in the rule's days that end `age` days ago."""
        first, last = levels.window(self.today - timedelta(days=age), self.rule.days)
        inside = [row for row in rows if first <= row.day <= last]
        if self.rule.measure == levels.WORKS:
            points = sum(row.is_work for row in inside)
        else:
            points = sum(row.credit for row in rows if first <= row.credit_day <= last)
        days = {row.day for row in inside}
        counted = sum(row.is_counted or not self.rule.is_chat_once for row in inside)
        return Facts(points, levels.weeks_of(days, last), len(days), counted)

    def _level(self, rows: list[Row], days: list[date]) -> None:
        rule = self.rule
        facts, before = self.facts(rows, 0), self.facts(rows, rule.days)
        level = levels.level_of(facts, rule)
        first, last = levels.window(self.today, rule.days)
        ages = range(rule.days, (self.today - days[0]).days + 1, rule.days)
        best = [levels.level_of(self.facts(rows, age), rule) for age in ages] if level == Level.QUIET else []
        self.member_levels[rows[0].member_id] = {
            "level": level,
            "before": levels.level_of(before, rule) if days[0] < first else None,
            "best": max(best, default=None),
            "points": facts.points,
            "weeks": facts.weeks,
            "active_days": facts.active_days,
            "counted": facts.counted,
            "counted_before": before.counted,
            "is_new": days[0] >= first,
            "is_returning": levels.is_returning(days, first, last),
            "is_rising": levels.is_rising(facts.counted, before.counted, rule),
            "is_fading": levels.is_fading(facts.counted, before.counted, rule),
            "first_at": rows[0].occurred_at,
            "last_at": rows[-1].occurred_at,
        }

    def _window(self, rows: list[Row], days: list[date], length: int) -> None:
        first, last = levels.window(self.today, length)
        member = rows[0].member_id
        known = self.member_levels[member]
        was = levels.level_of(self.facts(rows, length), self.rule) if days[0] < first else None
        self.moves[length][was, known["level"]] += 1
        inside = [row for row in rows if row.day >= first]
        credit = sum(row.credit for row in rows if first <= row.credit_day <= last)
        if not inside and not credit:
            return
        weeks = [0] * 13
        for row in rows:
            if (last - row.day).days < 91:
                weeks[12 - (last - row.day).days // 7] += 1
        start = min(rows, key=lambda row: (row.occurred_at, row.external_id))
        self.member_windows[length][member] = {
            "n": len(inside),
            "counted": sum(row.is_counted for row in inside),
            "recognition": sum(row.recognition for row in inside),
            "credit": credit,
            "active_days": len({row.day for row in inside}),
            "channels": len({row.channel_id for row in inside}),
            "answers": sum(row.is_answer for row in inside),
            "accepted": sum(row.is_accepted for row in inside),
            "weeks": weeks,
            "is_new": days[0] >= first,
            "is_returning": levels.is_returning(days, first, last),
            "level_before": was,
            **{name: known[name] for name in ("level", "is_rising", "is_fading", "first_at", "last_at")},
            "first_id": start.id,
            "organisation_id": self.valuer.organisation(member, last),
        }

    def organisation_facts(self, pk: int, age: int) -> OrganisationFacts:
        """What an organisation's people did in the rule's days that end `age` days ago."""
        first, last = levels.window(self.today - timedelta(days=age), self.rule.days)
        rows = self.organisations.get(pk, [])
        credited = [r for r in rows if r.credit and r.credit_organisation == pk and first <= r.credit_day <= last]
        months = {(last - row.credit_day).days // levels.MONTH_DAYS for row in credited}
        return OrganisationFacts(
            people=len({row.member_id for row in rows if row.organisation == pk and first <= row.day <= last}),
            contributors=len({row.member_id for row in credited}),
            months=sum(month < self.rule.organisation_months for month in months),
            credit=sum(row.credit for row in credited),
        )

    def organisation_windows(self, length: int) -> dict[int, dict[str, Any]]:
        """Organisations with anything in a window."""
        first, last = levels.window(self.today, length)
        found = {}
        for pk, rows in self.organisations.items():
            inside = [row for row in rows if row.organisation == pk and row.day >= first]
            credited = [r for r in rows if r.credit and r.credit_organisation == pk and first <= r.credit_day <= last]
            if not inside and not credited:
                continue
            found[pk] = {
                "n": len(inside),
                "counted": sum(row.is_counted for row in inside),
                "recognition": sum(row.recognition for row in inside),
                "credit": sum(row.credit for row in credited),
                "people": len({row.member_id for row in inside}),
                "contributors": len({row.member_id for row in credited}),
                "active_days": len({row.day for row in inside}),
                "level": levels.organisation_level_of(self.organisation_facts(pk, 0), self.rule),
                "level_before": levels.organisation_level_of(self.organisation_facts(pk, length), self.rule),
            }
        return found

    def open_questions(self) -> set[int]:
        """Questions of the last year that nobody answered."""
        first = self.today - timedelta(days=max(WINDOWS) - 1)
        asked = self.valuer.asked
        return {one.id for one in asked if one.kind == kinds.QUESTION and one.seconds is None and one.day >= first}

    def numbers(self, days: int, age: int) -> dict[str, Any]:
        """The numbers that a window and the one before it share."""
        span = self.spans[days, age]
        asked = [one for one in self.valuer.asked if span.first <= one.day <= span.last]
        answered = [one.seconds for one in asked if one.seconds is not None]
        questions = [one for one in asked if one.kind == kinds.QUESTION]
        return {
            "contributions": sum(n for (day, *_), n in self.day_counts.items() if span.first <= day <= span.last),
            "people": len(span.people),
            "new": span.new,
            "returning": span.returning,
            "organisations": len(span.organisations),
            "response_seconds": median(answered) if answered else None,
            "responses": len(answered),
            "questions": len(questions),
            "unanswered": sum(one.seconds is None for one in questions),
        }

    def totals(self, days: int) -> dict[str, Any]:
        """Everything in the totals of a window but the small bars."""
        span, before = self.spans[days, 0], self.spans[days, days]
        retained = len(span.people & before.people)
        windows = self.member_windows[days].values()
        people = [window["counted"] for window in windows]
        companies = [window["counted"] for window in self.organisation_windows(days).values()]
        now, was = (dict.fromkeys((level.key for level in Level), 0) for _ in range(2))
        for (earlier, level), n in self.moves[days].items():
            now[level.key] += n
            if earlier is not None:
                was[earlier.key] += n
        return {
            **self.numbers(days, 0),
            "retained": retained,
            "retention": round(retained / len(before.people) * 100) if before.people else None,
            "volunteers": span.volunteers,
            "volunteer_credit": span.volunteer_credit,
            "credit": span.credit,
            "heat": self.heat[days],
            "growth": self._growth(),
            "levels": now,
            "levels_before": was,
            "absence_factor": fewest_for_half(people),
            "elephant_factor": fewest_for_half(companies),
            "diversity": effective_number(companies),
            "largest_organisation_share": largest_share(companies),
            "counted": sum(people),
            "counted_by_organisations": sum(companies),
        }

    def _growth(self) -> list[dict[str, Any]]:
        found, ever = [], self.ever
        for number in range(GROWTH_MONTHS):
            month = months_before(self.today, number)
            counts = {name: self.growth[month][name] for name in ("contributions", "people", "new")}
            found.append({"month": month.isoformat(), **counts, "ever": ever})
            ever -= counts["new"]
        return found[::-1]


class _Span:
    """The people of some days."""

    def __init__(self, today: date, days: int, age: int) -> None:
        self.first, self.last = levels.window(today - timedelta(days=age), days)
        self.people: set[int] = set()
        self.organisations: set[int] = set()
        self.new = self.returning = self.volunteers = self.credit = self.volunteer_credit = 0

    def add(self, rows: list[Row], days: list[date]) -> None:
        """One person more."""
        for row in rows:
            if self.first <= row.credit_day <= self.last:
                self.credit += row.credit
                self.volunteer_credit += row.credit if row.credit_organisation is None else 0
        inside = [row for row in rows if self.first <= row.day <= self.last]
        if not inside:
            return
        self.people.add(rows[0].member_id)
        self.organisations |= {row.organisation for row in inside if row.organisation}
        self.volunteers += any(row.organisation is None for row in inside)
        if self.first <= days[0]:
            self.new += 1
        elif any(self.first <= b <= self.last and (b - a).days >= levels.AWAY_DAYS for a, b in pairwise(days)):
            self.returning += 1
