"""Counts over time. A week is seven days of the shop's calendar, and the last of them ends with today."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import NamedTuple

WEEKS = 26
LATELY = 4
"""Weeks that a headline sums up."""
BEFORE = timedelta(days=60)
"""What of the time before the install is known: the orders of the first import."""


class Row(NamedTuple):
    """Something that is counted, as its measure counts it."""

    at: datetime
    is_hit: bool
    """It counts above the line."""
    order_id: int | None


class Share(NamedTuple):
    """Above and below the line."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """For each hundred; None: there is nothing below the line."""
        return 100 * self.hits / self.of if self.of else None


NOTHING = Share(0, 0)


def bounds(now: datetime, home: tzinfo) -> Sequence[datetime]:
    """Where each week begins, the oldest first, and where the last one ends: a day begins when it does at home."""
    tomorrow = now.astimezone(home).date() + timedelta(days=1)
    days = [tomorrow - timedelta(weeks=back) for back in reversed(range(WEEKS + 1))]
    return [datetime.combine(day, time(), home) for day in days]


def count(rows: Iterable[Row], *, is_share: bool) -> Share:
    """is_share: the hits are some of all rows; else rows that are no hits stand below the line."""
    hits = others = 0
    for row in rows:
        hits, others = hits + row.is_hit, others + (not row.is_hit)
    return Share(hits, hits + others if is_share else others)


def by_week(rows: Iterable[Row], begins: Sequence[datetime], *, is_share: bool) -> Sequence[Share]:
    """One for each week; a row outside of them is in none."""
    weeks: list[list[int]] = [[0, 0] for _ in begins[1:]]
    for row in rows:
        place = bisect_right(begins, row.at) - 1
        if 0 <= place < len(weeks):
            weeks[place][row.is_hit] += 1
    return [Share(hits, hits + others if is_share else others) for others, hits in weeks]


def total(shares: Iterable[Share]) -> Share:
    found = list(shares)
    return Share(sum(one.hits for one in found), sum(one.of for one in found))
