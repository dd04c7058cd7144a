"""Look into a return that was filed elsewhere: what our terms say, what it is worth, whether the rule approves."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from shopify_app import work
from shopify_app.db import transaction
from shopify_app.returns import reading
from shopify_app.returns.basket import Basket, Piece, Wish, wish_for
from shopify_app.returns.execution import steps
from shopify_app.returns.models import DONE, FREEING, WAITING, Item, Request, Step
from shopify_app.returns.policy import decisions, money, policies
from shopify_app.returns.policy.decisions import Decision
from shopify_app.returns.policy.terms import Terms
from shopify_app.returns.requests import effects, lookup
from shopify_app.returns.requests.asking import approve_by
from shopify_app.shopify.models import Shop


def look(step: Step, shop: Shop, request: Request) -> None:
    basket = reading.read(shop, request.order_id)
    if basket is None:
        work.finish(step, steps.NOT_FOUND)
        return
    with transaction():
        request = steps.locked(shop, step)
        items = lookup.items(shop, [request.id])[request.id]
        basket = _before(basket, items)
        known = [item for item in items if basket.piece(item.fulfillment_line_id or 0)]
        wishes = [wish_for(item, item.quantity) for item in known]
        version, terms = policies.of_order(shop, basket.placed_at)
        preview = money.preview(basket, wishes, terms, {}, asked_at=request.asked_at, zone=ZoneInfo(shop.timezone))
        decided = _decided(shop, request, terms, basket, wishes)
        for item, decision, part in zip(known, decided, preview.parts, strict=True):
            item.decision, item.amount = decisions.packed(decision), part.with_tax + part.duties
            piece = basket.piece(item.fulfillment_line_id or 0)
            item.content = item.content | {"title": piece.title if piece else ""}
        request.policy_version = version
        is_automatic = len(known) == len(items) and all(one.is_allowed for one in decided)
        if request.state == WAITING and is_automatic and decisions.is_automatic(terms, basket, wishes, preview):
            approve_by(shop, request, effects.RULE)
        elif request.state == WAITING:
            effects.tell(shop, request, "staff")
        work.finish(step, DONE)


def _before(basket: Basket, items: Sequence[Item]) -> Basket:
    """As it was before this very return took its units."""
    held = {item.fulfillment_line_id: 0 for item in items}
    for item in items:
        held[item.fulfillment_line_id] += item.quantity

    def freed(piece: Piece) -> Piece:
        return replace(piece, returnable=piece.returnable + held.get(piece.fulfillment_line_id, 0))

    return replace(basket, pieces=tuple(freed(piece) for piece in basket.pieces))


def _decided(shop: Shop, request: Request, terms: Terms, basket: Basket, wishes: Sequence[Wish]) -> Sequence[Decision]:
    others = [one for one in lookup.of_order(shop, request.order_id) if one.id < request.id]
    earlier = sum(one.state not in FREEING for one in others)
    zone = ZoneInfo(shop.timezone)
    pieces = [(basket.piece(wish.fulfillment_line_id), wish) for wish in wishes]
    return [
        decisions.decide(terms, basket, piece, wish, request.asked_at, zone, earlier=earlier)
        for piece, wish in pieces
        if piece is not None
    ]
