"""Charts: what is drawn, what the table says and what the legend sums up are the same numbers."""

import re
from datetime import date, timedelta

import pytest

from portal.ui.charts import Note, Series, StackedDays, draw, grid_step, rank_points, spark_bars, stacked_parts

DAYS = [date(2026, 8, 24) + timedelta(days=n) for n in range(90)]


def chart(**extra) -> StackedDays:
    series = [
        Series("github", "GitHub", [n % 7 * 3 for n in range(90)]),
        Series("discourse", "Forum", [n % 5 for n in range(90)]),
    ]
    return StackedDays(days=DAYS, series=series, **extra)


def heights(path: str) -> list[float]:
    return [float(height) for height in re.findall(r"h[\d.]+v([\d.]+)h", path)]


def test_chart_rows_sum_to_the_legend():
    made = chart()
    assert [sum(row[1][n] for row in made.rows) for n in range(2)] == [series.total for series in made.series]
    assert sum(row[2] for row in made.rows) == made.total
    assert (made.rows[0][0], made.rows[-1][0]) == (DAYS[-1], DAYS[0])


@pytest.mark.parametrize("max_bars", [185, 46, 20])
def test_chart_bars_are_true_to_the_numbers(max_bars):
    made = chart()
    drawing = draw(made, width=1140, height=250, max_bars=max_bars)
    columns = {}
    for _number, path in drawing.paths:
        for x, height in re.findall(r"M([\d.]+) [\d.]+h[\d.]+v([\d.]+)h", path):
            columns[x] = columns.get(x, 0) + float(height) + 1
    highest = max(int(title.rpartition(": ")[2]) for _, _, title in drawing.hits)
    assert max(columns.values()) == pytest.approx(drawing.base - drawing.top, abs=1.5)
    assert sum(int(title.rpartition(": ")[2]) for _, _, title in drawing.hits) == made.total
    assert highest // grid_step(highest) == len(drawing.grid)


def test_chart_keeps_the_fixed_order_of_sources():
    assert [number for number, _ in chart().numbered] == [1, 3]


def test_chart_on_phones_joins_days_and_says_so():
    assert chart().narrow_note == "On small screens a bar is 2 days."
    assert StackedDays(days=DAYS[:30], series=[Series("github", "GitHub", [1] * 30)]).narrow_note == ""


def test_chart_of_a_year_draws_two_days_in_a_bar():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    drawing = StackedDays(days=days, series=[Series("slack", "Slack", [2] * 365)]).wide
    assert drawing.days_per_bar == 2
    assert len(drawing.hits) == 183
    assert len(drawing.ticks) <= 6


def test_chart_without_days_or_numbers_is_still_a_chart():
    assert StackedDays(days=[], series=[]).wide.paths == []
    assert StackedDays(days=DAYS, series=[Series("slack", "Slack", [0] * 90)]).wide.paths == []


def test_chart_notes_stand_over_their_day():
    drawing = chart(notes=(Note(DAYS[45], "Camp"), Note(date(2020, 1, 1), "Long ago"))).wide
    assert [(text, anchor) for _, _, text, anchor in drawing.notes] == [("Camp", "middle")]


def test_chart_refuses_series_of_another_length():
    with pytest.raises(ValueError, match="shorter"):
        _ = StackedDays(days=DAYS, series=[Series("slack", "Slack", [1])]).rows


@pytest.mark.parametrize(
    ("highest", "step"), [(1, 1), (3, 1), (4, 2), (7, 2), (8, 5), (170, 50), (399, 100), (2500, 1000)]
)
def test_grid_step_needs_three_lines_at_most(highest, step):
    assert grid_step(highest) == step


def test_spark_bars_draw_an_empty_week_as_a_flat_tick():
    assert spark_bars([0, 4, 8]) == [(0, 22.5, 1.5, True), (7, 12.0, 12.0, False), (14, 0.0, 24.0, False)]


def test_rank_points_put_the_first_rank_on_top():
    assert rank_points([3, None, 1]) == [(4.0, 24.0), (88.0, 4.0)]
    assert rank_points([None, None]) == []


def test_stacked_parts_fill_their_scale():
    assert stacked_parts([50, 50], 200) == [(0.0, 244.0), (250.0, 244.0)]
    assert stacked_parts([0, 10]) == [(0.0, 0), (0.0, 994.0)]
