"""What goes wrong most, counted: what buyers and staff say, beside what the mirror knows of the same orders."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select

from shopify_app import clock
from shopify_app.db import db
from shopify_app.feedback import reading, transits
from shopify_app.feedback.answers import LOW
from shopify_app.feedback.causes import CAUSES
from shopify_app.feedback.models import WRONG, Answer, Case
from shopify_app.language import words, zone
from shopify_app.orders import read
from shopify_app.orders.models import Order, Shipment
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop

SPAN = timedelta(days=90)
MOST = 2000
"""Newest answers that are looked at."""
EXAMPLES = 3
KNOWN: Mapping[str, str] = {
    "came_late": words("A parcel came after the day that the carrier had promised"),
    "came_slowly": words("A parcel took longer than is usual in this shop"),
    "came_back": words("Something of it was returned"),
    "paid_back": words("Money was refunded"),
}
"""What we know without being told: code → as the merchant reads it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One order with which something was wrong."""

    whole: Whole
    answer: Answer
    case: Case | None
    codes: frozenset[str]
    """Out of CAUSES, as buyer or staff chose it, and out of KNOWN."""

    @property
    def order(self) -> Order:
        return self.whole.order


@dataclass(frozen=True, slots=True)
class Ranked:
    name: str
    rows: Sequence[Trouble]

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def money(self) -> Mapping[str, int]:
        """Currency → what these orders are worth in it, in minor units, after refunds."""
        total = Counter[str]()
        for row in self.rows:
            total[row.order.currency] += row.order.total
        return total


@dataclass(frozen=True, slots=True)
class Insight:
    answered: int
    troubles: Sequence[Trouble]
    told: Sequence[tuple[str, Ranked]]
    known: Sequence[tuple[str, Ranked]]
    products: Sequence[Ranked]


def of(shop: Shop) -> Insight:
    now = clock.now()
    recent = select(Answer).where(Answer.shop_id == shop.id, Answer.said_at > now - SPAN)
    answers = db.session.scalars(recent.order_by(Answer.said_at.desc()).limit(MOST)).all()
    troubles = list(_troubles(shop, [one for one in answers if is_bad(one)]))
    return Insight(
        answered=len(answers),
        troubles=troubles,
        told=_ranked(troubles, CAUSES),
        known=_ranked(troubles, KNOWN),
        products=_products(troubles),
    )


def is_bad(answer: Answer) -> bool:
    return answer.verdict == WRONG or any(stars and stars <= LOW for stars in (answer.items, answer.delivery))


def _troubles(shop: Shop, answers: Sequence[Answer]) -> Iterator[Trouble]:
    ids = [one.order_id for one in answers]
    orders = db.session.scalars(
        select(Order).where(Order.shop_id == shop.id, Order.id.in_(ids), Order.deleted_at.is_(None))
    )
    wholes = {whole.order.id: whole for whole in read.wholes(shop, orders.all())}
    found = db.session.scalars(select(Case).where(Case.shop_id == shop.id, Case.order_id.in_(ids)))
    cases = {case.order_id: case for case in found}
    usual = transits.measured(shop) if answers else {}
    for answer in answers:
        if whole := wholes.get(answer.order_id):
            case = cases.get(answer.order_id)
            cause = (case and case.cause) or answer.cause
            codes = {cause} if cause else set()
            yield Trouble(whole, answer, case, frozenset(codes | _known(shop, whole, usual)))


def _known(shop: Shop, whole: Whole, usual: Mapping[str, timedelta]) -> set[str]:
    facts: dict[str, Callable[[], bool]] = {
        "came_late": lambda: any(_is_late(shop, whole, one) for one in whole.shipments),
        "came_slowly": lambda: any(_is_slow(shop, whole, one, usual) for one in whole.shipments),
        "came_back": lambda: bool(whole.returns),
        "paid_back": lambda: bool(whole.refunds),
    }
    return {code for code, holds in facts.items() if holds()}


def _is_late(shop: Shop, whole: Whole, shipment: Shipment) -> bool:
    """It came after the promised day was over; the newest promise counts."""
    promises = [one.estimated_delivery_at for one in whole.events if one.shipment_id == shipment.id]
    promised = next((one for one in reversed(promises) if one), shipment.estimated_delivery_at)
    arrived_at = reading.arrived(whole, shipment)
    if promised is None or arrived_at is None:
        return False
    home = zone(shop.timezone)
    return arrived_at >= datetime.combine(promised.astimezone(home).date() + timedelta(days=1), time(), home)


def _is_slow(shop: Shop, whole: Whole, shipment: Shipment, usual: Mapping[str, timedelta]) -> bool:
    """Half as long again as usual."""
    arrived_at = reading.arrived(whole, shipment)
    said = {one.status for one in whole.events if one.shipment_id == shipment.id}
    kind = transits.kind(shop, whole.order.country, said)
    return arrived_at is not None and arrived_at - shipment.created_at > usual[kind] * 1.5


def _ranked(troubles: Sequence[Trouble], names: Mapping[str, str]) -> list[tuple[str, Ranked]]:
    """The commonest first; what never happened is left out."""
    found = [(code, Ranked(name, [row for row in troubles if code in row.codes])) for code, name in names.items()]
    return sorted((one for one in found if one[1].rows), key=lambda one: -one[1].count)


def _products(troubles: Sequence[Trouble]) -> list[Ranked]:
    rows: dict[str, list[Trouble]] = defaultdict(list)
    for row in troubles:
        for name in {_product(line.title, line.variant_title) for line in row.whole.lines}:
            rows[name].append(row)
    return sorted((Ranked(name, some) for name, some in rows.items()), key=lambda one: (-one.count, one.name))


def _product(title: str, variant: str | None) -> str:
    """With its variant, which is where sizes show."""
    return f"{title} ({variant})" if variant else title
