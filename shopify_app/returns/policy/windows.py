"""Until when something may come back: by the shop's terms, and by the law of the European Union.

A day ends at midnight in the shop's zone, whatever the clocks did meanwhile.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache

import holidays

from shopify_app.returns.basket import Basket, Piece
from shopify_app.returns.policy.terms import Rule, Terms

LEGAL_DAYS = 14
"""Article 9 of Directive 2011/83/EU."""
EEA = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "IS", "LI", "NO",
})  # fmt: skip
"""Where it is law."""


@dataclass(frozen=True, slots=True)
class Window:
    since: str
    """What it counts from: purchase, fulfilment, delivery, or assumed: sent, and long enough ago to have arrived."""
    began: date
    days: int
    last: date
    """The last day; later than `days` allow where a holiday, or the next working day, makes it so."""
    end: datetime
    """The first moment that is too late."""

    def is_open(self, now: datetime) -> bool:
        return now < self.end


def rule(terms: Terms, basket: Basket, piece: Piece) -> Rule | None:
    """The first that fits; None: the usual."""
    return next((one for one in terms.rules if fitting(one, basket, piece)), None)


def of(terms: Terms, basket: Basket, piece: Piece, zone: tzinfo) -> Window:
    """By the shop's terms."""
    found = rule(terms, basket, piece)
    days = terms.days if found is None or found.days is None else found.days
    since, began = _start(terms, basket, piece, zone)
    last = began + timedelta(days=days)
    bought = basket.placed_at.astimezone(zone).date()
    gifts = [one.until for one in terms.holidays if one.first <= bought <= one.last]
    last = max([last, *gifts])
    return Window(since, began, days, last, _over(last, zone))


def legal(terms: Terms, basket: Basket, zone: tzinfo) -> Window | None:
    """Of the whole order: the law counts from the day on which the last item was received. None: it does not hold
    there, or its time has not begun (`is_waiting`).
    """
    received = _received(terms, basket)
    if basket.country not in EEA or received is None:
        return None
    since, at = received
    began = at.astimezone(zone).date()
    last = _working(began + timedelta(days=LEGAL_DAYS), basket.country)
    return Window(since, began, LEGAL_DAYS, last, _over(last, zone))


def is_waiting(basket: Basket) -> bool:
    """Whether the law holds and its time has not begun, since something is not sent yet."""
    return basket.country in EEA and bool(basket.unsent or not basket.pieces)


def is_lawful(terms: Terms, basket: Basket, piece: Piece, now: datetime, zone: tzinfo) -> bool:
    """Whether the buyer may withdraw from buying this, whatever the shop's terms are."""
    if is_excepted(terms, piece):
        return False
    window = legal(terms, basket, zone)
    return is_waiting(basket) or (window is not None and window.is_open(now))


def is_excepted(terms: Terms, piece: Piece) -> bool:
    """By the law itself (Article 16), as the merchant has tagged it."""
    return not _folded(terms.not_withdrawn).isdisjoint(_folded(piece.tags))


def _start(terms: Terms, basket: Basket, piece: Piece, zone: tzinfo) -> tuple[str, date]:
    if terms.start == "purchase":
        return "purchase", basket.placed_at.astimezone(zone).date()
    if terms.start == "fulfilment":
        return "fulfilment", piece.shipped_at.astimezone(zone).date()
    since, at = _arrival(terms, piece)
    return since, at.astimezone(zone).date()


def _arrival(terms: Terms, piece: Piece) -> tuple[str, datetime]:
    """As the carrier says, else as long after the sending as the terms say: in doubt later rather than sooner."""
    if piece.delivered_at:
        return "delivery", piece.delivered_at
    return "assumed", piece.shipped_at + timedelta(days=terms.assumed_days)


def _received(terms: Terms, basket: Basket) -> tuple[str, datetime] | None:
    """When the last item came; None while something is not sent."""
    if basket.last_delivered_at:
        return "delivery", basket.last_delivered_at
    if is_waiting(basket) or not basket.pieces:
        return None
    return max((_arrival(terms, piece) for piece in basket.pieces), key=lambda arrival: arrival[1])


def _over(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def _working(day: date, country: str | None) -> date:
    """That day, or the next on which people work there (Article 3 of Regulation 1182/71)."""
    known = _holidays(country or "")
    while not (known.is_working_day(day) if known is not None else day.weekday() < 5):
        day += timedelta(days=1)
    return day


@cache
def _holidays(country: str) -> holidays.HolidayBase | None:
    """None for a country that the library does not know."""
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        return None


def fitting(one: Rule, basket: Basket, piece: Piece) -> str:
    """The first of a rule's values that this has, as the merchant wrote it; "" when it has none."""
    held = _folded(_held(one.about, basket, piece))
    return next((value for value in one.values if value.strip().casefold() in held), "")


def _held(about: str, basket: Basket, piece: Piece) -> tuple[str, ...]:
    return {
        "country": (basket.country or "",),
        "collection": tuple(map(str, piece.collections)),
        "product_tag": piece.tags,
        "product_type": (piece.product_type,),
        "discount_code": basket.discount_codes,
        "customer_tag": basket.customer_tags,
    }[about]


def _folded(texts: tuple[str, ...]) -> set[str]:
    return {text.strip().casefold() for text in texts}
