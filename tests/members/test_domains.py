"""Mail domains of organisations."""

import pytest
from django.core.exceptions import ValidationError

from portal.members.domains import clean_domain
from portal.members.models import OrganisationDomain
from tests.members.factories import OrganisationFactory


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Agency.example", "agency.example"),
        (" @agency.example. ", "agency.example"),
        ("mail.agency.co.uk", "mail.agency.co.uk"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("gmail-experts.example", "gmail-experts.example"),
    ],
)
def test_domain_is_brought_into_one_form(text: str, domain: str):
    assert clean_domain(text) == domain


@pytest.mark.parametrize(
    "text", ["", "agency", "me@agency.example", "http://agency.example", "-a.example", "a..b", "a b.example", "x" * 300]
)
def test_what_is_no_domain_is_refused(text: str):
    with pytest.raises(ValidationError, match="Give a mail domain"):
        clean_domain(text)


@pytest.mark.parametrize(
    "text", ["gmail.com", "GMAIL.com", "yahoo.co.jp", "web.de", "users.noreply.github.com", "proton.me", "gmx.at"]
)
def test_public_mail_providers_are_refused(text: str):
    with pytest.raises(ValidationError) as caught:
        clean_domain(text)
    assert caught.value.messages == [
        f"Anybody can have an address at {text.lower()}, so it says nothing about where they work."
    ]


@pytest.mark.django_db
def test_model_refuses_them_at_the_field():
    row = OrganisationDomain(organisation=OrganisationFactory(), domain="gmail.com")
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    assert list(caught.value.message_dict) == ["domain"]
    row.domain = "@Agency.example"
    row.full_clean()
    assert row.domain == "agency.example"
