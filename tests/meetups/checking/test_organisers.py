"""Criterion 3: two people, two mailboxes, better two companies."""

from typing import Any

import pytest

from meetups.checking.companies import Worker, all_from_one, mail_domain, normal_company, shared_company
from meetups.checking.organisers import Facts, Person, check


def somebody(number: int, name: str = "", **values: Any) -> Person:
    email = values.pop("email", f"p{number}@gmail.com")
    works = values.pop("works", Worker(emails=[email]))
    defaults = {"name": name or f"Person {number}", "seat_email": email, "verified": [email], "works": works}
    return Person(member=number, **{**defaults, **values})


def works(number: int, *names: str, email: str = "", organisations: set[int] | None = None) -> Person:
    email = email or f"p{number}@gmail.com"
    return somebody(number, email=email, works=Worker(names, organisations or set(), [email]))


def look(*people: Person, waiting: int = 0) -> Any:
    return check(Facts(people, waiting))


def test_two_people_with_two_accounts_pass() -> None:
    finding = look(somebody(1, days_here=400, services=["github"], events=3, groups_joined=2), somebody(2))
    assert (finding.outcome, finding.explanation) == (
        "pass",
        "Person 1, Person 2 accepted, each with an account of their own.",
    )
    assert finding.evidence["organisers"][0] == {
        "name": "Person 1",
        "has_confirmed_account": True,
        "days_here": 400,
        "accounts_elsewhere": ["github"],
        "events": 3,
        "groups_joined": 2,
        "groups_run": 0,
    }
    assert "gmail" not in str(finding.evidence)


@pytest.mark.parametrize(
    ("people", "waiting", "words"),
    [
        ([], 0, "0 organisers"),
        ([somebody(1)], 1, "1 organiser with a confirmed account has accepted; two are needed. 1 invitation waits."),
        ([somebody(1), somebody(1)], 0, "1 organiser"),
        ([somebody(1), somebody(2, verified=[])], 0, "1 organiser"),
    ],
)
def test_fewer_than_two_confirmed_accounts_fail(people: list[Person], waiting: int, words: str) -> None:
    finding = look(*people, waiting=waiting)
    assert (finding.outcome, words in finding.explanation) == ("fail", True)


def test_third_without_a_confirmed_address_is_a_warning() -> None:
    finding = look(somebody(1), somebody(2), somebody(3, verified=[]))
    assert (finding.outcome, finding.explanation[:46]) == ("warn", "Person 3 has not confirmed an e-mail address. ")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@example.org", "ADA@Example.org"),
        ("ada@example.org", "ada+meetup@example.org"),
        ("a.da@gmail.com", "ada+x@googlemail.com"),
    ],
)
def test_one_mailbox_under_two_spellings_fails(one: str, other: str) -> None:
    finding = look(somebody(1, email=one), somebody(2, email=other))
    assert (finding.outcome, "have the same mailbox" in finding.explanation) == ("fail", True)


def test_mailbox_is_looked_for_among_all_confirmed_addresses() -> None:
    first = somebody(1, email="ada@gmail.com")
    second = somebody(2, email="work@agency.example", verified=["work@agency.example", "a.d.a@gmail.com"])
    assert look(first, second).outcome == "fail"
    assert look(first, somebody(2, email="ida@gmail.com")).outcome == "pass"


def test_same_name_twice_is_a_suspicion() -> None:
    assert look(somebody(1, "Ada L."), somebody(2, "ada l")).outcome == "warn"


@pytest.mark.parametrize(("groups", "outcome"), [(2, "pass"), (3, "warn")])
def test_organiser_with_many_groups_is_a_warning(groups: int, outcome: str) -> None:
    assert look(somebody(1, groups_run=groups), somebody(2)).outcome == outcome


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        (works(1, "Acme GmbH"), works(2, "ACME"), "warn"),
        (works(1, "Acme G.m.b.H. & Co. KG"), works(2, "acme gmbh"), "warn"),
        (works(1, "Acme, Inc."), works(2, "Acme Ltd"), "warn"),
        (works(1, "Acme s. r. o."), works(2, "Acmé sro"), "warn"),
        (works(1, "Acme"), works(2, "Apex"), "pass"),
        (works(1, "Acme Media"), works(2, "Acme"), "pass"),
        (works(1, "Acme"), works(2), "pass"),
        (works(1), works(2), "pass"),
        (works(1, email="a@agency.example"), works(2, email="b@AGENCY.example"), "warn"),
        (works(1, email="a@gmail.com"), works(2, email="b@gmail.com"), "pass"),
        (works(1, email="a@yahoo.co.uk"), works(2, email="b@yahoo.co.uk"), "pass"),
        (works(1, "Freelancer"), works(2, "freelancer"), "pass"),
        (works(1, "Self-employed"), works(2, "selbstständig"), "pass"),
        (works(1, "none"), works(2, "None"), "pass"),
        (works(1, "Old Name", organisations={7}), works(2, "New Name", organisations={7}), "warn"),
        (works(1, "Old Name", email="a@agency.example"), works(2, "New Name", email="b@agency.example"), "warn"),
    ],
)
def test_one_company_is_a_warning_and_never_a_fail(one: Person, other: Person, outcome: str) -> None:
    assert look(one, other).outcome == outcome


def test_third_from_elsewhere_is_enough() -> None:
    pair = [works(1, "Acme"), works(2, "Acme GmbH")]
    assert look(*pair).outcome == "warn"
    assert look(*pair, works(3, "Apex")).outcome == "pass"


def test_chain_of_shared_things_is_one_company() -> None:
    chain = [Worker(["Acme"]), Worker(["Apex"], {1}, ["x@agency.example"]), Worker(["Acme SA"], {1})]
    assert all_from_one(chain) == "Acme"
    assert all_from_one(chain[:1]) == "" == all_from_one([])


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("ACME GmbH", "acme"),
        ("Acme Sp. z o.o.", "acme"),
        ("Acme S.A.S.", "acme"),
        ("Acme B.V.", "acme"),
        ("Müller & Söhne AG", "muller sohne"),
        ("AG", "ag"),
        ("Freelance", ""),
        ("n/a", ""),
        ("  ", ""),
        ("-", ""),
    ],
)
def test_company_is_compared_without_its_legal_form(name: str, plain: str) -> None:
    assert normal_company(name) == plain


@pytest.mark.parametrize(
    ("email", "domain"), [("a@Agency.Example", "agency.example"), ("a@gmx.net", ""), ("", ""), ("a@proton.me", "")]
)
def test_domain_says_something_only_when_it_is_not_a_providers(email: str, domain: str) -> None:
    assert mail_domain(email) == domain


def test_what_is_shared_is_named() -> None:
    assert shared_company(Worker(["Acme GmbH"]), Worker(["ACME"])) == "Acme GmbH"
    assert shared_company(Worker(emails=["a@agency.example"]), Worker(emails=["b@agency.example"])) == "agency.example"
    assert shared_company(Worker(["Acme"]), Worker(["Apex"])) == ""
