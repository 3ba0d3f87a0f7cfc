"""Error pages stand when nothing else does: no database, no session, no context."""

import pytest
from django.template.loader import get_template


@pytest.mark.parametrize("code", ["403", "404", "429", "500", "503"])
def test_error_page_needs_no_database_and_no_context(code):
    # No `db` fixture: a query would fail the test.
    page = get_template(f"{code}.html").render({})
    assert f"Error {code}" in page
    assert page.count("<h1>") == 1
    assert 'href="/"' in page


def test_unknown_address_shows_the_styled_page(client, settings):
    settings.DEBUG = False
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "Nobody lives at this address" in response.content.decode()
