"""Hours of the week and months as geometry."""

from datetime import date

from portal.ui.calendar_charts import CELL, LEFT, STEPS, heat_of, months_of


def test_heat_shades_by_share_of_the_fullest_hour():
    values = [[0] * 24 for _day in range(7)]
    values[0][9], values[2][9], values[6][23] = 100, 20, 1
    heat = heat_of(values)
    steps = {(cell.x, cell.y): cell.step for cell in heat.cells}
    assert len(heat.cells) == 168
    assert sorted(step for step in steps.values() if step) == [1, 1, STEPS]
    assert heat.cells[9].x == LEFT + 9 * CELL
    assert heat.cells[9].title == "Monday, 09:00–10:00: 100"
    assert heat.total == 121
    assert heat.by_hour[9][0] == "09:00"
    assert heat.by_hour[9][1].count("<td") == 7
    assert heat.drawn_cells.count("<rect") == 168
    assert heat.summary.startswith("Busiest on Monday, and between 07:00 and 10:00 UTC")


def test_heat_of_nothing_says_so():
    heat = heat_of([[0] * 24 for _day in range(7)])
    assert heat.summary == "Nothing happened in these days."
    assert {cell.step for cell in heat.cells} == {0}


def test_months_stack_their_parts_up_to_the_plot():
    chart = months_of([date(2026, 10, 1), date(2026, 11, 1)], [("Before", [30, 0]), ("New", [10, 4])], "Sum.")
    first, last = chart.bars
    assert [number for number, _y, _height in first.parts] == [1, 2]
    assert [number for number, _y, _height in last.parts] == [2]
    assert sum(height for _number, _y, height in first.parts) + 2 == round(chart.base - 8, 1)
    assert first.title == "October 2026: Before 30, New 10"
    assert last.label == "Nov 2026"
    assert chart.rows == [(date(2026, 11, 1), [0, 4], 4), (date(2026, 10, 1), [30, 10], 40)]
    assert chart.grid[-1][1] <= 40
