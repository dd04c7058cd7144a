"""Read requests. Every function starts from the shop: another shop's cannot be reached."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from shopify_app.db import db
from shopify_app.returns.models import Entry, Item, Request, Step
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
