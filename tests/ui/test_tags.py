"""The tags of the template contract: what they draw, and that nothing from outside gets out of its place."""

from datetime import UTC, date, datetime

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from portal.ui import navigation, people
from portal.ui.charts import Series, StackedDays

EVIL = "<script>alert('x')</script>\""


def drawn(source: str, **context) -> str:
    return " ".join(Template("{% load ui %}" + source).render(Context(context)).split())


@pytest.mark.parametrize(
    "source",
    [
        *(
            "{% badge 'good' evil %}",
            "{% avatar evil evil %}",
            "{% icon 'pin' label=evil %}",
            "{% empty evil evil %}{% endempty %}",
        ),
        *("{% fact evil evil delta=evil unit=evil %}", "{% spark values evil %}", "{% rank_line ranks evil %}"),
        *("{% parts_bar parts %}", "{% chips items %}", "{% segmented items evil %}", "{% crumbs evil evil evil %}"),
        *(
            "{% avatar_stack persons more=3 %}",
            "{% world_dots dots evil %}",
            "{% pyramid levels %}",
            "{% bar 1 2 evil %}",
        ),
        *("{% note 'bad' %}{{ evil }}{% endnote %}", "{% fact_strip title=evil text=evil %}{% endfact_strip %}"),
        *("{% stacked_days chart %}", "{% quilt patches %}"),
    ],
)
def test_tag_escapes_what_comes_from_outside(source):
    html = drawn(
        source,
        evil=EVIL,
        values=[1, 2],
        ranks=[1, 2],
        parts=[{"label": EVIL, "value": 2, "series": 1}],
        items=[{"label": EVIL, "remove_url": EVIL, "url": EVIL, "kind": EVIL}],
        persons=[{"name": EVIL, "seed": EVIL}],
        dots=[{"lat": 1, "lon": 2}],
        levels=[{"label": EVIL, "note": EVIL, "value": 3}],
        patches=[{"seed": "a", "label": EVIL, "url": EVIL}],
        chart=StackedDays([date(2026, 1, 1)], [Series("slack", EVIL, [1])], summary=EVIL, title=EVIL, csv_url=EVIL),
    )
    assert "<script" not in html
    assert "&lt;script&gt;" in html or source.startswith(("{% avatar", "{% world"))


def test_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in drawn("{% icon 'pin' %}")
    assert 'role="img" aria-label="Place"' in drawn("{% icon 'pin' label='Place' %}")


def test_cover_is_a_decorative_picture_of_a_fixed_size():
    html = drawn("{% cover 'leipzig' kind='organisation' %}")
    assert 'src="/art/organisation/leipzig.svg?v=1"' in html
    assert 'alt=""' in html
    assert 'width="600"' in html


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Jonas Petrick", "JP"),
        ("priya-builds", "PB"),
        ("Ann Lee Smith", "AS"),
        ("li", "L"),
        ("", "?"),
        ("李小龍", "李"),
        ("ines@example.org", "I"),
    ],
)
def test_avatar_initials(name, letters):
    assert people.initials(name) == letters


def test_avatar_pair_is_stable_and_uses_all_six():
    assert [people.pair(n) for n in (1, 2, 3, "m1")] == [people.pair(str(n)) for n in (1, 2, 3, "m1")]
    assert people.pair("m1") == 5
    assert {people.pair(n) for n in range(100)} == {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize(
    ("state", "shape"),
    [("good", "<circle"), ("wait", "M5 0l5 5"), ("late", "M1 1h8"), ("new", "evenodd"), ("off", "<circle")],
)
def test_badge_has_a_shape_and_a_word(state, shape):
    html = drawn("{% badge state 'Word' %}", state=state)
    assert f"badge--{state}" in html
    assert shape in html
    assert html.endswith("Word</span>")


def test_date_tile_shows_the_day_of_its_own_zone():
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert 'datetime="2026-11-25"' in drawn("{% date_tile day zone='Europe/Berlin' %}", day=late)
    assert 'datetime="2026-11-24"' in drawn("{% date_tile day zone='America/Montreal' %}", day=late)


def test_date_tile_says_cancelled_in_words():
    assert "Cancelled" in drawn("{% date_tile day cancelled=True %}", day=date(2026, 11, 24))
    assert "Cancelled" not in drawn("{% date_tile day %}", day=date(2026, 11, 24))


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Europe/Berlin", "Tue 24 Nov 2026, 18:30 CET"),
        ("Africa/Nairobi", "Tue 24 Nov 2026, 20:30 EAT"),
        ("Asia/Dubai", "Tue 24 Nov 2026, 21:30 UTC+4"),
        ("Asia/Kathmandu", "Tue 24 Nov 2026, 23:15 UTC+5:45"),
        ("America/Sao_Paulo", "Tue 24 Nov 2026, 14:30 UTC−3"),
    ],
)
def test_local_time_gives_weekday_year_and_zone(zone, text):
    html = drawn("{% local_time moment zone %}", moment=datetime(2026, 11, 24, 17, 30, tzinfo=UTC), zone=zone)
    assert f">{text}</time>" in html


def test_local_time_keeps_the_offset_of_its_zone_for_machines():
    html = drawn("{% local_time moment 'Asia/Kathmandu' %}", moment=datetime(2026, 11, 24, 17, 30, tzinfo=UTC))
    assert 'datetime="2026-11-24T23:15+05:45"' in html


def test_local_time_can_give_its_end():
    moments = {"start": datetime(2026, 11, 24, 17, 30, tzinfo=UTC), "end": datetime(2026, 11, 24, 20, tzinfo=UTC)}
    html = drawn("{% local_time start zone form='time' until=end %}", zone="Europe/Berlin", **moments)
    assert ">18:30 to 21:00 CET</time>" in html


@pytest.mark.parametrize(
    ("value", "good_when", "judgement", "words"),
    [
        ("12", "up", "delta--good", "up by"),
        (-6, "up", "delta--bad", "down by"),
        ("-18", "down", "delta--good", "down by"),
        ("+9", "", "", "up by"),
        (0, "up", "", "no change"),
    ],
)
def test_delta_says_direction_in_words_and_judges_it(value, good_when, judgement, words):
    html = drawn("{% delta value unit='%' good_when=good_when %}", value=value, good_when=good_when)
    assert words in html
    assert ("delta--good" in html, "delta--bad" in html) == (judgement == "delta--good", judgement == "delta--bad")


def test_delta_without_a_comparison_is_nothing():
    assert drawn("{% delta None %}") == ""


def test_fact_groups_thousands():
    assert '<span class="fact__number">1,204</span>' in drawn("{% fact 1204 'people' %}")


def test_pagination_keeps_the_filters():
    request = RequestFactory().get("/", {"q": "a&b", "page": "2"})
    html = drawn("{% pagination page %}", page=Paginator(range(37), 12).page(2), request=request)
    assert "13 to 24 of 37" in html
    assert 'href="?q=a%26b&amp;page=1"' in html
    assert 'href="?q=a%26b&amp;page=3"' in html


def test_pagination_of_one_page_offers_no_ways():
    request = RequestFactory().get("/")
    assert "href" not in drawn("{% pagination page %}", page=Paginator(range(3), 12).page(1), request=request)


def test_segmented_marks_one_current():
    items = [{"label": "30", "url": "?a"}, {"label": "90", "url": "?b", "current": True}]
    assert drawn("{% segmented items 'Window' %}", items=items).count('aria-current="true"') == 1


def test_stacked_days_shows_table_and_legend_with_the_same_numbers():
    chart = StackedDays(
        [date(2026, 1, 1), date(2026, 1, 2)], [Series("slack", "Slack", [1, 2]), Series("reddit", "Reddit", [1000, 5])]
    )
    html = drawn("{% stacked_days chart %}", chart=chart)
    assert "<strong>1,005</strong>" in html
    assert html.count("<tr>") == 3
    assert html.index("Fri 2 Jan 2026") < html.index("Thu 1 Jan 2026</td>")


def test_world_dots_places_and_skips():
    html = drawn("{% world_dots dots 'Groups' %}", dots=[{"lat": 0, "lon": 0}, {"lat": None, "lon": 3}])
    assert html.count("<circle") == 1
    assert 'cx="180.0" cy="84.0"' in html


def test_navigation_marks_the_longest_address():
    entries = [("Meetups", "ui:styleguide"), ("Mark", "ui:mark"), ("Gone", "no:such_name")]
    assert [(link.label, link.is_current) for link in navigation.links(entries, "/styleguide/x/")] == [
        ("Meetups", True),
        ("Mark", False),
    ]


def test_filled_leaves_out_what_is_empty():
    assert drawn("{% filled 'p' 'lead' %}  {% endfilled %}") == ""
    assert (
        drawn("{% filled 'p' 'lead' %} <b>x</b> {{ evil }}{% endfilled %}", evil="<i>")
        == '<p class="lead"><b>x</b> &lt;i&gt;</p>'
    )


def test_layout_shows_no_eyebrow_where_a_page_has_none():
    page = Template('{% extends "layouts/wide.html" %}{% block heading %}Title{% endblock %}').render(Context({}))
    assert '<p class="eyebrow">' not in page
    assert "<h1>Title</h1>" in page
