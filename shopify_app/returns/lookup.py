"""Read requests. Every function starts from the shop: another shop's cannot be reached."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from shopify_app.db import db
from shopify_app.returns.models import OVER, Entry, Item, Request, Step
from shopify_app.shopify.models import Shop

PAGE = 50


def get(shop: Shop, request_id: int, *, is_locked: bool = False) -> Request | None:
    """is_locked: of two clicks at the same time the second sees what the first did."""
    found = select(Request).where(Request.shop_id == shop.id, Request.id == request_id)
    if is_locked:
        found = found.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(found)


def of_order(shop: Shop, order_id: int) -> Sequence[Request]:
    """Oldest first."""
    asked = select(Request).where(Request.shop_id == shop.id, Request.order_id == order_id)
    return db.session.scalars(asked.order_by(Request.id)).all()


def of_orders(shop: Shop, order_ids: Sequence[int]) -> Sequence[Request]:
    asked = select(Request).where(Request.shop_id == shop.id, Request.order_id.in_(order_ids))
    return db.session.scalars(asked.order_by(Request.id)).all()


def of_return(shop: Shop, return_id: int) -> Request | None:
    """By Shopify's number."""
    return db.session.scalar(select(Request).where(Request.shop_id == shop.id, Request.return_id == return_id))


def items(shop: Shop, request_ids: Sequence[int]) -> Mapping[int, Sequence[Item]]:
    """Request's id → its items, in the order they were asked for."""
    found: dict[int, list[Item]] = {request_id: [] for request_id in request_ids}
    held = select(Item).where(Item.shop_id == shop.id, Item.request_id.in_(request_ids))
    for item in db.session.scalars(held.order_by(Item.id)):
        found[item.request_id].append(item)
    return found


def entries(shop: Shop, request_id: int) -> Sequence[Entry]:
    """Oldest first."""
    written = select(Entry).where(Entry.shop_id == shop.id, Entry.request_id == request_id)
    return db.session.scalars(written.order_by(Entry.at, Entry.id)).all()


def steps(shop: Shop, request_id: int) -> Sequence[Step]:
    """What was or is to be done at Shopify; one with a result "refused" or "dead" waits for staff, see its error."""
    ordered = select(Step).where(Step.shop_id == shop.id, Step.request_id == request_id)
    return db.session.scalars(ordered.order_by(Step.id)).all()


def queue(
    shop: Shop,
    *,
    states: Sequence[str] = (),
    kind: str | None = None,
    assigned_to: str | None = None,
    is_flagged: bool | None = None,
    is_buyers_turn: bool | None = None,
    asked_before: datetime | None = None,
    order_ids: Sequence[int] | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int = PAGE,
) -> Sequence[Request]:
    """Requests that match everything given, the longest waiting first.

    states: none given: all that are not over. after: the place (asked_at, id) behind which to go on.
    """
    found = select(Request).where(Request.shop_id == shop.id)
    found = found.where(Request.state.in_(states) if states else Request.state.not_in(OVER))
    exact = {"kind": kind, "assigned_to": assigned_to, "is_flagged": is_flagged, "is_buyers_turn": is_buyers_turn}
    found = found.filter_by(**{name: value for name, value in exact.items() if value is not None})
    if asked_before is not None:
        found = found.where(Request.asked_at < asked_before)
    if order_ids is not None:
        found = found.where(Request.order_id.in_(order_ids))
    if after is not None:
        at, number = after
        found = found.where((Request.asked_at > at) | (Request.asked_at == at) & (Request.id > number))
    return db.session.scalars(found.order_by(Request.asked_at, Request.id).limit(limit)).all()


def counts(shop: Shop) -> Mapping[str, int]:
    """State → how many requests are in it; "flagged" → how many of those not over staff should look at closely."""
    by_state = select(Request.state, func.count()).where(Request.shop_id == shop.id).group_by(Request.state)
    found: dict[str, int] = {row[0]: row[1] for row in db.session.execute(by_state)}
    flagged = select(func.count()).where(
        Request.shop_id == shop.id, Request.is_flagged.is_(True), Request.state.not_in(OVER)
    )
    return found | {"flagged": db.session.scalar(flagged) or 0}
