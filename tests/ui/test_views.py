"""Drawn files: covers, mark, the community's colours, and who may see the style guide."""

from dataclasses import replace

from django.urls import reverse

COVER = "/art/group/leipzig.svg"


def test_cover_is_cached_for_a_year_and_boxed_in(client):
    response = client.get(COVER)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith("; sandbox")
    assert "Set-Cookie" not in response


def test_cover_answers_304_to_its_etag(client):
    etag = client.get(COVER)["ETag"]
    assert client.get(COVER, headers={"if-none-match": etag}).status_code == 304
    assert client.get(reverse("ui:cover", args=["group", "graz"]))["ETag"] != etag


def test_cover_of_an_unknown_kind_is_not_found(client):
    assert client.get("/art/dragon/leipzig.svg").status_code == 404


def test_cover_refuses_seeds_with_markup(client):
    assert client.get("/art/group/%3Cscript%3E.svg").status_code == 404


def test_mark_shows_the_initial_of_the_community(client, settings):
    settings.COMMUNITY = replace(settings.COMMUNITY, name="Écoute <Club>")
    body = client.get("/mark.svg").content.decode()
    assert ">É</text>" in body
    assert "Club" not in body


def test_manifest_names_the_community_and_icons_that_exist(client, settings):
    settings.COMMUNITY = replace(settings.COMMUNITY, name="Écoute Club")
    made = client.get("/manifest.webmanifest").json()
    assert (made["name"], made["short_name"]) == ("Écoute Club", "Écoute")
    paths = {icon["src"].removeprefix("/static/") for icon in made["icons"]}
    assert {path for path in paths if not (settings.BASE_DIR / "static" / path).exists()} == set()


def test_community_css_sets_its_colours_and_drops_what_is_none(client, settings):
    settings.COMMUNITY = replace(settings.COMMUNITY, colour_brand="#123456", colour_accent="red;}body{display:none")
    css = client.get("/community.css").content.decode()
    assert css.startswith("@layer tokens{:root{--brand:#123456;--mark:#123456;")
    assert css.endswith(";}}")
    assert "--amber" not in css
    assert "display" not in css


def test_community_css_is_empty_where_nothing_is_set(client, settings):
    settings.COMMUNITY = replace(settings.COMMUNITY, colour_brand="", colour_accent="")
    assert client.get("/community.css").content.decode() == "@layer tokens{:root{}}"


def test_style_guide_is_not_found_outside_debug(client, settings):
    settings.DEBUG = False
    assert client.get("/styleguide/").status_code == 404


def test_style_guide_draws_every_component_in_debug(client, settings, db):
    settings.DEBUG = True
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    page = client.get("/styleguide/").content.decode()
    parts = ("date-tile--next", "group-card", "avatar--more", "error-summary", "criteria", "facts", "pyramid", "world")
    assert [part for part in parts if part not in page] == []
