"""The figures of the start page: what each means in a merchant's words, and which rows it counts.

A figure is made of the very rows that its page lists, so a number that cannot be explained cannot be shown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shopify_app import clock
from shopify_app.home import evidence, weeks
from shopify_app.home.weeks import Row, Share
from shopify_app.language import words, zone
from shopify_app.shopify.models import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Texts are English; who shows them puts them into a language."""

    name: str
    title: str
    meaning: str
    hit: str
    """What stands above the line."""
    other: str
    """What does not."""
    below: str
    """What stands below the line."""
    left_out: str
    before: str
    """What is known of the time before the install, or why nothing is."""
    rows: Callable[[Shop, datetime, datetime], Iterator[Row]]
    is_share: bool = True
    """False: what is no hit stands below the line, and the figure is so many for each hundred of it."""
    is_known_before: bool = False


NOT_COUNTED = words("Nobody counted it before Aftercare was there, so there is nothing to compare with.")
HELD_OUT = words("No time before is needed: those to whom nobody wrote are the comparison, at the same time.")
NOT_OVER = words("Persons whose seven days are not over yet, and whoever comes a second time.")

LOOKUPS = Measure(
    name="lookups",
    title=words("Look-ups per 100 orders"),
    meaning=words("How often buyers ask where their order is, on your look-up page, for each 100 orders of the week."),
    hit=words("Look-ups"),
    other=words("Orders"),
    below=words("Orders that were placed in the same time"),
    left_out=words("Test orders, deleted orders, and whoever follows the link of a mail: they had no need to ask."),
    before=NOT_COUNTED,
    rows=evidence.lookups,
    is_share=False,
)
ARRIVALS = Measure(
    name="arrivals",
    title=words("Parcels that came in time"),
    meaning=words("Of the parcels that were due: how many came by the day that the carrier had named first."),
    hit=words("In time"),
    other=words("Late, or not there yet"),
    below=words("Parcels whose carrier had named a day that is now over"),
    left_out=words("Parcels without a named day, cancelled, deleted and test orders."),
    before=words("The orders of the 60 days before the install were read with the scans of their parcels."),
    rows=evidence.arrivals,
    is_known_before=True,
)
REFUNDS = Measure(
    name="refunds",
    title=words("Refunds within 24 hours"),
    meaning=words("Of the goods that came back: how many were refunded within 24 hours after they were received."),
    hit=words("Within 24 hours"),
    other=words("Later, or not yet"),
    below=words("Returns that were received and then refunded, or whose 24 hours are over"),
    left_out=words("Returns whose 24 hours still run, and those that ended without money."),
    before=NOT_COUNTED,
    rows=evidence.refunds,
)
WRITTEN_TO = Measure(
    name="written",
    title=words("Bought after a reminder"),
    meaning=words("Of the persons who left a cart and were written to: how many bought within seven days."),
    hit=words("Bought"),
    other=words("Did not buy"),
    below=words("Persons who left a cart and were to be written to, each once"),
    left_out=NOT_OVER,
    before=HELD_OUT,
    rows=evidence.written_to,
)
HELD = Measure(
    name="held",
    title=words("Bought without a reminder"),
    meaning=words(
        "Of the persons who left a cart and, by chance, were not written to: how many bought within seven days."
    ),
    hit=words("Bought"),
    other=words("Did not buy"),
    below=words("Persons who left a cart and were held out by chance, each once"),
    left_out=NOT_OVER,
    before=HELD_OUT,
    rows=evidence.held_out,
)
FEEDBACK = Measure(
    name="feedback",
    title=words("Content buyers"),
    meaning=words("Of the buyers who answered: how many said that all is well and gave no one or two stars."),
    hit=words("Content"),
    other=words("Not content"),
    below=words("Orders whose buyer answered, each with its newest answer"),
    left_out=words("Orders whose buyer was asked and said nothing, and answers that were erased."),
    before=NOT_COUNTED,
    rows=evidence.answers,
)
MEASURES: Mapping[str, Measure] = {one.name: one for one in (LOOKUPS, ARRIVALS, REFUNDS, WRITTEN_TO, HELD, FEEDBACK)}


@dataclass(frozen=True, slots=True)
class Tile:
    title: str
    measures: Sequence[Measure]
    lately: int = weeks.LATELY
    """Weeks that its headline sums up."""


TILES: Mapping[str, Tile] = {
    "lookups": Tile(LOOKUPS.title, (LOOKUPS,)),
    "feedback": Tile(FEEDBACK.title, (FEEDBACK,)),
    "promises": Tile(words("Promises kept"), (ARRIVALS, REFUNDS)),
    "carts": Tile(words("What reminders of carts bring"), (WRITTEN_TO, HELD), weeks.WEEKS),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure of one shop at this moment."""

    measure: Measure
    begins: Sequence[datetime]
    weeks: Sequence[Share]
    lately: Share
    since: Share
    """Since the install, as far as the weeks go back."""
    before: Share | None
    """In the 60 days before the install; None: not known."""


def of(shop: Shop, measure: Measure, lately: int = weeks.LATELY) -> Figure:
    begins = weeks.bounds(clock.now(), zone(shop.timezone))
    start, end = first(shop, measure, begins), begins[-1]
    found = list(measure.rows(shop, start, end))
    by_week = weeks.by_week(found, begins, is_share=measure.is_share)
    since = [row for row in found if shop.installed_at is None or row.at >= shop.installed_at]
    return Figure(
        measure,
        begins,
        by_week,
        weeks.total(by_week[-lately:]),
        weeks.count(since, is_share=measure.is_share),
        _before(shop, measure, found, start),
    )


def first(shop: Shop, measure: Measure, begins: Sequence[datetime]) -> datetime:
    """From when on it is counted at all."""
    if measure.is_known_before or shop.installed_at is None:
        return begins[0]
    return max(begins[0], shop.installed_at)


def _before(shop: Shop, measure: Measure, found: Sequence[Row], start: datetime) -> Share | None:
    """Out of the rows that were found, where they reach back so far."""
    if not measure.is_known_before or shop.installed_at is None:
        return None
    begin, end = shop.installed_at - weeks.BEFORE, shop.installed_at
    rows = [row for row in found if begin <= row.at < end] if start <= begin else measure.rows(shop, begin, end)
    return weeks.count(rows, is_share=measure.is_share)
