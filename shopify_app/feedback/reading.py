"""From the mirror's rows to the facts that the decision wants."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import exists, false, or_, select

from shopify_app.db import db
from shopify_app.feedback import rules, transits
from shopify_app.feedback.decision import Facts, Parcel
from shopify_app.feedback.models import UNSOLVED, Answer, Case, Request
from shopify_app.feedback.rules import Rule
from shopify_app.language import zone
from shopify_app.mail import outbox
from shopify_app.orders.models import Line, Order, ParcelEvent, Shipment
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop

Usual = Callable[[], Mapping[str, timedelta]]

REFUNDED = ("refunded", "voided")
OPEN = ("requested", "open")
"""States of Shopify's returns that somebody waits for."""
AWAY = (
    "carrier_picked_up",
    "in_transit",
    "out_for_delivery",
    *transits.WAITING,
    "delayed",
    "attempted_delivery",
    "buyer_action_required",
    "returning_to_sender",
    "not_delivered",
    "failure",
)
"""A carrier has it and the buyer has not."""


def facts(shop: Shop, whole: Whole, request: Request | None) -> Facts:
    """Of an order at this moment. `request`: None in a dry run, which is as if the app had always been there."""
    usual = cache(lambda: transits.measured(shop))
    known = plain(shop, whole, rules.of(shop), usual, installed_at=shop.installed_at)
    return known if request is None else _asked(shop, request, known)


def plain(shop: Shop, whole: Whole, rule: Rule, usual: Usual, installed_at: datetime | None) -> Facts:
    order = whole.order
    left, is_unsent = _kept(whole)
    return Facts(
        rule=rule,
        zone=zone(shop.timezone),
        installed_at=installed_at,
        placed_at=order.placed_at,
        is_test=order.is_test,
        has_address=bool(order.person["email"]),
        is_cancelled=order.cancelled_at is not None,
        is_refunded=order.financial_status in REFUNDED,
        kept=sum(left.values()),
        is_unsent=is_unsent,
        parcels=[_parcel(shop, whole, shipment, usual) for shipment in whole.shipments if _is_kept(shipment, left)],
        is_return_open=any(one.status in OPEN for one in whole.returns),
        is_case_open=_waits(shop, order),
        is_answered=_has_answered(shop, order.id),
    )


def kept_lines(whole: Whole) -> Sequence[Line]:
    """What the buyer has of it: whatever came in a parcel and was not cancelled, refunded or returned."""
    left, _ = _kept(whole)
    return [line for line in whole.lines if left[line.id] > 0]


def _asked(shop: Shop, request: Request, known: Facts) -> Facts:
    message = outbox.keyed(shop, key(request.order_id, "request"))
    if message is None:
        return known
    is_sent = message.result in ("sent", "unknown")
    return replace(
        known,
        asked_at=message.done_at if is_sent else None,
        is_asking=message.done_at is None,
        is_refused=message.done_at is not None and not is_sent,
        is_reminded=request.reminded_at is not None,
    )


def key(order_id: int, stage: str) -> str:
    """Of a message: one for each order and stage."""
    return f"feedback/{order_id}/{stage}"


def _kept(whole: Whole) -> tuple[Counter[int], bool]:
    """Pieces of each line that the buyer keeps, and whether some of them have not been sent."""
    gone = Counter[int]()
    for refund in whole.refunds:
        for piece in refund.lines:
            gone[piece["id"]] += piece["quantity"]
    sent, is_known = Counter[int](), True
    for shipment in whole.shipments:
        is_known &= bool(shipment.lines)
        for piece in shipment.lines:
            sent[piece["id"]] += piece["quantity"]
    left = Counter[int]()
    for line in whole.lines:
        if line.requires_shipping:
            left[line.id] = max(0, min(line.current_quantity, line.quantity - gone[line.id]))
    is_all = whole.order.fulfillment_status == "fulfilled"
    return left, not is_all and not (is_known and all(sent[number] >= count for number, count in left.items()))


def _is_kept(shipment: Shipment, left: Counter[int]) -> bool:
    """Something that was in it is still the buyer's; a parcel of unknown content counts."""
    return not shipment.lines or any(left[line["id"]] for line in shipment.lines)


def arrived(whole: Whole, shipment: Shipment) -> datetime | None:
    """When a parcel came, as far as anybody told."""
    return _arrived(shipment, [one for one in whole.events if one.shipment_id == shipment.id])[0]


def _parcel(shop: Shop, whole: Whole, shipment: Shipment, usual: Usual) -> Parcel:
    events = [one for one in whole.events if one.shipment_id == shipment.id]
    arrived_at, is_scanned = _arrived(shipment, events)
    if arrived_at or is_scanned:
        return Parcel(shipment.created_at, arrived_at, is_scanned, timedelta())
    kind = transits.kind(shop, whole.order.country, {one.status for one in events})
    return Parcel(shipment.created_at, None, False, usual()[kind])


def _arrived(shipment: Shipment, events: Sequence[ParcelEvent]) -> tuple[datetime | None, bool]:
    """When it came, and whether a carrier tells of it at all. `events` are the oldest first."""
    telling = [one for one in events if one.status in AWAY or one.status in transits.ARRIVED]
    arrived_at = None
    for one in telling:
        # The first of the last: carriers repeat themselves, and some take a delivery back.
        arrived_at = (arrived_at or one.happened_at) if one.status in transits.ARRIVED else None
    if arrived_at is None and shipment.shipment_status in transits.ARRIVED:
        return shipment.updated_at, True
    return arrived_at, bool(telling) or shipment.shipment_status in AWAY


def _has_answered(shop: Shop, order_id: int) -> bool:
    return db.session.get(Answer, (shop.id, order_id)) is not None


def _waits(shop: Shop, order: Order) -> bool:
    return waits(shop, order.id, order.customer_id, order.email_index)


def waits(shop: Shop, order_id: int | None, customer_id: int | None, email_index: bytes | None) -> bool:
    """Whether staff still owes an answer to the buyer of this order, or to this person."""
    about = {Case.order_id: order_id, Case.customer_id: customer_id, Case.email_index: email_index}
    whose = or_(false(), *(column == value for column, value in about.items() if value is not None))
    return bool(db.session.scalar(select(exists().where(Case.shop_id == shop.id, UNSOLVED, whose))))
