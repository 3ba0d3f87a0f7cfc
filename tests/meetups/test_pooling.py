"""How far pooled interest brings a place, from plain numbers."""

from datetime import date

import pytest

from meetups.criteria import Neighbour, Status
from meetups.pooling import Pool, judge

TODAY = date(2026, 11, 24)


def judged(**pool: object) -> dict[str, tuple[Status, str]]:
    results = judge(Pool(place="Kiel", **pool), today=TODAY)  # type: ignore[arg-type]
    assert [result.number for result in results] == [1, 2, 3, 4, 5, 6]
    return {result.key: (result.status, result.evidence) for result in results}


def test_place_nobody_spoke_for_has_only_its_town() -> None:
    found = judged()
    assert [status for status, _words in found.values()] == [
        Status.NOT_YET, Status.MET, Status.NOT_YET, Status.NOT_YET, Status.NOT_YET, Status.NOT_YET,
    ]  # fmt: skip
    assert found["interest"][1] == "0 of 2 interested, besides those who would organise."
    assert found["organisers"][1] == "0 of 2 organisers."
    assert found["place"][1] == "Kiel. No other group near."
    assert found["launch"][1] == "At least four weeks ahead: 22 Dec 2026 or later."


@pytest.mark.parametrize(
    ("number", "status", "words"),
    [
        (1, Status.WAITING, "1 of 2 interested, besides those who would organise."),
        (2, Status.MET, "2 of 2 interested, besides those who would organise."),
        (7, Status.MET, "7 interested, 2 are enough."),
    ],
)
def test_interest_fills_up(number: int, status: Status, words: str) -> None:
    assert judged(guests=number)["interest"] == (status, words)


@pytest.mark.parametrize(
    ("number", "status", "words"),
    [
        (1, Status.WAITING, "1 of 2 organisers."),
        (2, Status.MET, "2 of 2 organisers."),
        (3, Status.MET, "3 would organise, 2 are enough."),
    ],
)
def test_organisers_fill_up(number: int, status: Status, words: str) -> None:
    assert judged(organisers=number)["organisers"] == (status, words)


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "A venue is offered, to be confirmed."), (2, "2 venues are offered, to be confirmed.")],
)
def test_offered_room_waits_to_be_confirmed(number: int, words: str) -> None:
    assert judged(hosts=number)["room"] == (Status.WAITING, words)


def test_group_in_the_same_town_or_near_takes_the_town() -> None:
    assert judged(nearest=Neighbour("Kieler Kreis", 0, same_place=True))["place"][0] == Status.WAITING
    assert judged(nearest=Neighbour("Lübecker Kreis", 49))["place"][0] == Status.WAITING
    assert judged(nearest=Neighbour("Leipzig Circle", 364))["place"] == (
        Status.MET, "Kiel. Nearest group: Leipzig Circle, 364 km.",
    )  # fmt: skip
