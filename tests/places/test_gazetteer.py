"""The file of towns, how it is made and how it gets into the database."""

import gzip
import json
import lzma
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from portal.places import gazetteer, gazetteer_build
from portal.places.gazetteer import Town, load_places, read_towns, write_towns
from portal.places.models import Place
from portal.places.names import fold
from tests.places.factories import PlaceFactory


@pytest.fixture(scope="module")
def towns() -> list[Town]:
    return list(read_towns())


def town_line(**changes: str) -> Town:
    values = {
        "geoname_id": "1", "name": "Aa", "slug": "aa-xx", "country_code": "XX", "area_code": "01", "area_name": "Land",
        "latitude": "1.5", "longitude": "-2.5", "time_zone": "UTC", "population": "20000", "search": "|aa|",
    }  # fmt: skip
    return Town(**{**values, **changes})


def test_file_is_whole(towns: list[Town]):
    assert len(towns) > 33_000
    assert gazetteer.FILE.stat().st_size < 2_500_000
    assert len({town.geoname_id for town in towns}) == len(towns)
    assert len({town.slug for town in towns}) == len(towns)
    assert [town.slug for town in towns if not town.search.startswith(f"|{fold(town.name)}|")] == []


def test_file_fits_the_columns_of_the_table(towns: list[Town]):
    from zoneinfo import available_timezones

    assert max(len(town.name) for town in towns) <= 120
    assert max(len(town.slug) for town in towns) <= 140
    assert max(len(town.area_name) for town in towns) <= 120
    assert {town.time_zone for town in towns} - available_timezones() == set()


def test_file_knows_cologne_by_all_its_names(towns: list[Town]):
    [cologne] = [town for town in towns if town.geoname_id == "2886242"]
    assert {"koln", "koeln", "cologne", "colonia", "keulen", "кольн", "科隆"} - set(cologne.search.split("|")) == set()
    assert (cologne.slug, cologne.area_name, cologne.time_zone) == (
        "koln-de",
        "North Rhine-Westphalia",
        "Europe/Berlin",
    )


def test_springfields_have_addresses_of_their_own(towns: list[Town]):
    slugs = {town.slug for town in towns if town.name == "Springfield" and town.country_code == "US"}
    assert "springfield-missouri-us" in slugs
    assert "springfield-us" not in slugs


@pytest.mark.django_db
def test_load_brings_the_whole_file_and_a_second_load_changes_nothing(django_assert_num_queries):
    first = load_places()
    assert (first.new, first.updated) == (first.total, 0)
    assert Place.objects.count() == first.total
    assert load_places() == (first.total, 0, 0)
    assert str(Place.objects.matching("cologne").get()) == "Köln, Germany"
    plan = Place.objects.matching("cologne")[:10].explain()
    assert "place_search_trgm" in plan


@pytest.mark.django_db
def test_load_updates_what_changed_and_leaves_what_left_the_file(tmp_path: Path):
    file = tmp_path / "towns.tsv.xz"
    gone = PlaceFactory()
    write_towns([town_line(), town_line(geoname_id="2", slug="bb-xx", name="Bb")], file)
    assert load_places(path=file) == (2, 2, 0)
    write_towns([town_line(population="30000"), town_line(geoname_id="2", slug="bb-xx", name="Bb")], file)
    heard: list[int] = []
    assert load_places(path=file, progress=heard.append) == (2, 0, 1)
    assert heard == [2]
    assert Place.objects.get(pk=1).population == 30_000
    assert Place.objects.filter(pk=gone.pk).exists()


@pytest.mark.django_db
def test_broken_line_loads_nothing_and_is_named(tmp_path: Path):
    file = tmp_path / "towns.tsv.xz"
    file.write_bytes(lzma.compress(("\t".join(town_line()) + "\nshort\tline\n").encode()))
    with pytest.raises(ValueError, match=r"towns.tsv.xz, line 2: 2 fields instead of 11"):
        load_places(path=file)
    assert Place.objects.count() == 0
    with connection.cursor() as cursor:  # the connection is usable after the failure
        cursor.execute("SELECT 1")


@pytest.mark.django_db
def test_command_says_what_it_did_and_leaves_a_full_table_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch, tmp_path: Path
):
    file = tmp_path / "towns.tsv.xz"
    write_towns([town_line()], file)
    monkeypatch.setattr(
        "portal.places.management.commands.load_places.load_places", lambda **kw: load_places(path=file, **kw)
    )
    call_command("load_places")
    assert ": 1 new, 0 updated, 0 unchanged." in capsys.readouterr().out
    call_command("load_places", "--if-empty")
    assert capsys.readouterr().out == "Towns are loaded already: nothing to do.\n"


CITY = {
    "geonameid": 1, "name": "Öd", "countrycode": "AT", "admin1code": "03", "latitude": 48.1, "longitude": 15.1,
    "timezone": "Europe/Vienna", "population": 16000, "alternatenames": ["OED", "oed", "Öd", "Ed", "Эд"],
}  # fmt: skip


def test_build_keeps_useful_names_once():
    assert gazetteer_build.search_names("Öd", CITY["alternatenames"]) == ["od", "oed", "ed", "эд"]
    many = gazetteer_build.search_names("Aa", [f"Name {number}" for number in range(200)])
    assert (len(many), many[0]) == (gazetteer_build.MAX_NAMES, "aa")


def test_build_slugs_take_the_area_then_the_id():
    areas = {("AT", "03"): "Lower Austria", ("AT", "04"): "Upper Austria"}
    cities = [
        CITY,
        {**CITY, "geonameid": 2, "admin1code": "04"},
        {**CITY, "geonameid": 3, "admin1code": "04"},
        {**CITY, "geonameid": 4, "name": "Linz"},
    ]
    assert gazetteer_build.unique_slugs(cities, areas) == {
        1: "od-lower-austria-at",
        2: "od-upper-austria-at-2",
        3: "od-upper-austria-at-3",
        4: "linz-at",
    }


def test_build_reads_area_names_by_code_or_by_town(tmp_path: Path):
    by_code = tmp_path / "admin1CodesASCII.txt"
    by_code.write_text("AT.03\tLower Austria\tLower Austria\t2770542\n")
    by_town = tmp_path / "geocode.gz"
    rows = [{"country_code": "AT", "latitude": 48.1, "longitude": 15.1, "state": "Lower Austria"}]
    by_town.write_bytes(gzip.compress(json.dumps(rows).encode()))
    assert gazetteer_build.read_areas(by_code, []) == {("AT", "03"): "Lower Austria"}
    assert gazetteer_build.read_areas(by_town, [CITY]) == {("AT", "03"): "Lower Austria"}
