"""How many units of an order are taken: no unit comes back twice.

Shopify counts what its own returns hold, but only those that have reached it; here the requests on their way count too,
and everything is counted again under the lock of the order's row, since two buyers' browsers may ask at once.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from shopify_app.db import db
from shopify_app.orders.models import Order, Refund
from shopify_app.returns.basket import Basket, Piece, Wish
from shopify_app.returns.models import FREEING, Item, Request
from shopify_app.shopify.models import Shop

Claims = Sequence[tuple[Item, Request]]


class Taken(Exception):
    """Some units are not to be had (any more); `line_ids` says of which lines of the order."""

    def __init__(self, line_ids: Sequence[int]) -> None:
        super().__init__("taken")
        self.line_ids = line_ids


def lock(shop: Shop, order_id: int) -> Order:
    """Of two who ask for units of one order the second waits here for the first. Raises LookupError.

    Whoever erases a person holds the shop's row: what is read after this is still there when it is written.
    """
    db.session.refresh(shop, with_for_update={"read": True, "key_share": True})
    found = select(Order).where(Order.shop_id == shop.id, Order.id == order_id, Order.deleted_at.is_(None))
    order = db.session.scalar(found.with_for_update().execution_options(populate_existing=True))
    if order is None:
        raise LookupError("no such order")
    return order


def check(shop: Shop, basket: Basket, wishes: Sequence[Wish], besides: int | None = None) -> None:
    """Raises Taken when the wishes want more than there is; to be called under the order's lock.

    besides: the request whose own units do not count, because the wishes take their place.
    """
    claims, own = _claims(shop, basket.order_id, besides)
    wanted: Counter[int] = Counter()
    for wish in wishes:
        wanted[wish.fulfillment_line_id] += wish.quantity
    gone = _overdrawn(shop, basket, wishes, claims)
    for number, count in wanted.items():
        piece = basket.piece(number)
        if piece is not None and count > _left(piece, claims, own, basket):
            gone.add(piece.line_id)
    if gone or any(wish.quantity < 1 or basket.piece(wish.fulfillment_line_id) is None for wish in wishes):
        raise Taken(sorted(gone))


def left(shop: Shop, basket: Basket, besides: int | None = None) -> Mapping[int, int]:
    """Piece → units that nobody has asked for yet; to be shown, as only `check` holds the lock. `besides` as there."""
    claims, own = _claims(shop, basket.order_id, besides)
    pieces = (*basket.pieces, *basket.unsent_pieces)
    return {piece.fulfillment_line_id: max(_left(piece, claims, own, basket), 0) for piece in pieces}


def _claims(shop: Shop, order_id: int, besides: int | None) -> tuple[Claims, Claims]:
    """What other requests hold, also those that are over, as what came back is gone; and what that one holds."""
    held = select(Item, Request).join(Request, Request.id == Item.request_id)
    held = held.where(Item.shop_id == shop.id, Item.order_id == order_id, Request.state.not_in(FREEING))
    pairs = [(item, request) for item, request in db.session.execute(held)]
    claims = [(item, request) for item, request in pairs if request.id != besides]
    return claims, [(item, request) for item, request in pairs if request.id == besides]


def _left(piece: Piece, claims: Claims, own: Claims, basket: Basket) -> int:
    """Of one piece: what Shopify would take, less what it had not heard of when it was asked, and with what it holds
    for the very request whose wishes are looked at.
    """
    held, freed = _of(piece, claims), _of(piece, own)
    unheard = sum(_open(item) for item, request in held if not _is_heard(request, basket))
    freed_there = sum(item.quantity for item, request in freed if _is_heard(request, basket))
    return min(piece.returnable + freed_there - unheard, piece.quantity - sum(_open(item) for item, _ in held))


def _open(item: Item) -> int:
    """Units that the order still shows; of what was not sent, those that are refunded are gone from it."""
    return item.quantity if item.fulfillment_line_id else item.quantity - item.received


def _of(piece: Piece, claims: Claims) -> Claims:
    number = piece.fulfillment_line_id if piece.shipment_id else None
    same = (pair for pair in claims if pair[0].line_id == piece.line_id)
    return [pair for pair in same if pair[0].fulfillment_line_id == number]


def _is_heard(request: Request, basket: Basket) -> bool:
    return request.filed_at is not None and request.filed_at <= basket.read_at


def _overdrawn(shop: Shop, basket: Basket, wishes: Sequence[Wish], claims: Claims) -> set[int]:
    """Lines of which more would be taken than was delivered, or than was ordered less what was refunded besides."""
    wanted = [(piece, wish.quantity) for wish in wishes if (piece := basket.piece(wish.fulfillment_line_id))]
    ordered = {piece.line_id: piece.line_quantity for piece, _ in wanted}
    sent: Counter[int] = Counter()
    for piece in basket.pieces:
        sent[piece.line_id] += piece.quantity
    back, unsent = Counter[int](), Counter[int]()
    for item, _ in claims:
        (back if item.fulfillment_line_id else unsent)[item.line_id] += item.quantity
    for piece, count in wanted:
        (back if piece.shipment_id else unsent)[piece.line_id] += count
    refunded = _refunded(shop, basket.order_id)
    refunded.subtract(_refunded_unsent(claims))
    return {
        line
        for line, count in ordered.items()
        if back[line] > sent[line] or back[line] + unsent[line] + max(refunded[line], 0) > count
    }


def _refunded_unsent(claims: Claims) -> Counter[int]:
    """What was withdrawn from before it was sent is refunded without a return, and must not count twice."""
    counted: Counter[int] = Counter()
    for item, _ in claims:
        if item.fulfillment_line_id is None:
            counted[item.line_id] += item.received
    return counted


def _refunded(shop: Shop, order_id: int) -> Counter[int]:
    """Units of each line that were refunded without any return."""
    counted: Counter[int] = Counter()
    refunds = select(Refund).where(Refund.shop_id == shop.id, Refund.order_id == order_id, Refund.return_id.is_(None))
    for refund in db.session.scalars(refunds):
        for line in refund.lines:
            counted[line["id"]] += line["quantity"]
    return counted
