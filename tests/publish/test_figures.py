"""Figures are whole SVG, of bounded size, and whatever is shown in them is text."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from tests.publish.made import HOSTILE, hostile, long_series, made, three
from workbench.publish.figures.chart import Line, interval_chart, line_chart
from workbench.publish.figures.grid import matrix_chart
from workbench.publish.figures.of_runs import figures_of, intervals_of
from workbench.publish.figures.scale import Scale, limits, written
from workbench.publish.figures.svg import as_file, escaped
from workbench.publish.record import records
from workbench.study.interval import Estimate

NAME = "{http://www.w3.org/2000/svg}"


def tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in tree(svg).iter(f"{NAME}text")]


def paths(svg: str, kind: str) -> list[str]:
    found = tree(svg).iter(f"{NAME}path")
    return [path.attrib["d"] for path in found if path.attrib["class"] == kind]


def curve(name: str, y: list[float], half: float = np.nan) -> Line:
    values = np.asarray(y, dtype=np.float64)
    return Line(name, np.arange(len(y), dtype=np.float64), values, values - half, values + half)


def test_a_curve_goes_through_its_points_and_breaks_where_there_is_none() -> None:
    (path,) = paths(line_chart([curve("a", [0, 1, np.nan, 1, 0])], "t", "x", "y"), "line")
    assert path.count("M") == 2
    assert path.count("L") == 2
    xs = [float(part.split()[0]) for part in path.replace("M", "L").split("L")[1:]]
    assert xs == sorted(xs)


def test_more_is_higher() -> None:
    (path,) = paths(line_chart([curve("a", [0, 1, 2])], "t", "x", "y"), "line")
    ys = [float(part.split()[1]) for part in path.replace("M", "L").split("L")[1:]]
    assert ys == sorted(ys, reverse=True)


def test_a_band_is_closed_and_stays_within_the_axis() -> None:
    svg = line_chart([curve("a", [0.5, 0.9, 0.2], 3.0)], "t", "x", "y", is_share=True)
    (band,) = paths(svg, "band")
    assert band.endswith("Z")
    ys = [float(part.split()[1]) for part in band[:-1].replace("M", "L").split("L")[1:]]
    assert min(ys) >= 14
    assert max(ys) <= 260


def test_one_seed_has_no_band() -> None:
    assert paths(line_chart([curve("a", [1, 2])], "t", "x", "y"), "band") == []


@pytest.mark.parametrize(
    "values", [[], [np.nan], [np.inf, -np.inf], [1.0], [3, 3], [1e300, -1e300]]
)
def test_whatever_the_numbers_are_the_figure_is_whole(values: list[float]) -> None:
    svg = line_chart([curve("a", values, 1.0)], "t", "x", "y")
    assert "nan" not in svg
    assert "inf" not in svg
    assert tree(svg).attrib["role"] == "img"


def test_ticks_are_round_and_within_the_axis() -> None:
    for low, high in ((0, 1), (-3, 17), (0.00012, 0.00019), (0, 5_000_000), (2, 2)):
        ticks = Scale(low, high, 0, 100).ticks()
        assert ticks
        assert len(ticks) <= 7
        assert all(low - 1e-9 <= tick <= high + 1e-9 for tick in ticks)
    assert limits([]) == (0.0, 1.0)
    assert [written(v) for v in (0.0, 0.25, 1500.0, 2e7, 1e-9)] == [
        "0",
        "0.25",
        "1,500",
        "2e+07",
        "1e-09",
    ]


def test_the_figures_of_an_experiment_show_each_task_over_its_seeds(tmp_path: Path) -> None:
    figures = {name: (caption, svg) for name, caption, svg in figures_of("Fake", three(tmp_path))}
    assert set(figures) == {"losses", "matrix"}  # the fakes are never asked on the validation split
    assert "mean of 3 seeds, band: 95 % interval" in figures["losses"][0]
    assert "first" in texts(figures["losses"][1])
    assert len(paths(figures["losses"][1], "band")) == 1
    assert {"0.900", "0.950", "before training"} <= set(texts(figures["matrix"][1]))


def test_of_a_long_run_a_figure_is_small_and_its_points_are_means(tmp_path: Path) -> None:
    folder = made(tmp_path)
    long_series(folder, 100_000)
    (record,) = records([folder])
    caption, svg = next((c, s) for n, c, s in figures_of("Fake", [record]) if n == "losses")
    assert "a point is a mean of 334 steps" in caption
    assert len(svg) < 60_000
    assert paths(svg, "line")[0].count("L") < 300


def test_what_names_hold_is_shown_and_is_no_markup(tmp_path: Path) -> None:
    for _, _, svg in figures_of("<b>&", hostile(tmp_path)):
        found = tree(svg)
        assert {e.tag.removeprefix(NAME) for e in found.iter()} <= {
            "svg", "g", "line", "path", "text", "title", "rect", "circle",
        }  # fmt: skip
        assert (found.findtext(f"{NAME}title") or "").startswith("<b>&")
    assert escaped(HOSTILE[1]).count("<") == 0
    assert "\0" not in escaped(HOSTILE[1])


def test_a_matrix_is_deeper_where_it_is_better() -> None:
    values = np.asarray([[0.1, 5.0], [0.9, 2.0], [np.nan, 9.0]])
    svg = matrix_chart(
        values, ["a", "b", "c"], ["x", "y"], "t", higher_is_better=[True, False], is_share=False
    )
    depth = [float(e.attrib["opacity"]) for e in tree(svg).iter(f"{NAME}rect")]
    assert depth[2] > depth[0] > 0  # more is better
    assert depth[3] > depth[1] > depth[5]  # less is better
    assert depth[4] == pytest.approx(0.06)  # there is none
    assert "–" in texts(svg)


def test_intervals_are_drawn_where_there_are_any(tmp_path: Path) -> None:
    rows = [("a", Estimate(0.5, 0.1, 0.4, 0.6, 3)), ("b", Estimate(0.7, None, None, None, 1))]
    svg = interval_chart([*rows, ("c", None)], "t", "ACC")
    assert len(list(tree(svg).iter(f"{NAME}circle"))) == 2
    assert len([e for e in tree(svg).iter(f"{NAME}line") if e.attrib["class"] == "line"]) == 1
    groups = {"Fake": three(tmp_path)}
    assert "0.7750" in texts(intervals_of(groups, lambda r: r.stored.outcome.summary["acc"], "ACC"))


def test_a_figure_is_a_file_of_its_own_with_its_style() -> None:
    content = as_file(line_chart([curve("ä <", [1, 2])], "t", "x", "y"))
    root = ElementTree.fromstring(content)
    assert (root.find(f"{NAME}style") is not None) == (b"<style>" in content)
    assert b"prefers-color-scheme" in content
