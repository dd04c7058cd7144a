"""Figures over time as curves: where each point stands in a drawing of 100 by 100."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shopify_app.home.measures import Figure
from shopify_app.home.weeks import Share

ROUND = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
"""What the top of a drawing may stand for."""


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    begins: datetime
    """The first day of its week."""
    share: Share


@dataclass(frozen=True, slots=True)
class Curve:
    title: str
    points: Sequence[Point]
    """Weeks with nothing below the line have none."""
    paths: Sequence[str]
    """Lines through points of weeks that follow each other, as SVG writes them."""


@dataclass(frozen=True, slots=True)
class Drawing:
    curves: Sequence[Curve]
    top: float
    """What its height stands for; the bottom is 0."""
    installed: float | None
    """Where the install stands; None: before the first week."""

    @property
    def is_empty(self) -> bool:
        return not any(curve.points for curve in self.curves)


def draw(figures: Sequence[Figure], installed_at: datetime | None) -> Drawing:
    """Figures of the same weeks in one drawing. Shares are drawn out of a hundred, others as high as they get."""
    values = [week.value for one in figures for week in one.weeks if week.value is not None]
    is_share = all(one.measure.is_share for one in figures)
    highest = max(values, default=1.0)
    top = 100.0 if is_share else float(next((step for step in ROUND if step >= highest), highest))
    return Drawing([_curve(one, top) for one in figures], top, _place(figures[0].begins, installed_at))


def _curve(figure: Figure, top: float) -> Curve:
    wide = 100 / len(figure.weeks)
    points: list[Point] = []
    runs: list[list[Point]] = []
    for number, week in enumerate(figure.weeks):
        if week.value is None:
            runs.append([])
            continue
        point = Point((number + 0.5) * wide, 100 - 100 * week.value / top, figure.begins[number], week)
        points.append(point)
        runs = runs or [[]]
        runs[-1].append(point)
    paths = ["M " + " L ".join(f"{one.x:.2f} {one.y:.2f}" for one in run) for run in runs if len(run) > 1]
    return Curve(figure.measure.title, points, paths)


def _place(begins: Sequence[datetime], moment: datetime | None) -> float | None:
    if moment is None or moment <= begins[0]:
        return None
    return min(100 * (moment - begins[0]) / (begins[-1] - begins[0]), 100.0)
