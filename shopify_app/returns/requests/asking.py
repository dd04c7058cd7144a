"""A buyer asks to send something back, or to have something else after all."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, update

from shopify_app import clock
from shopify_app.db import db, transaction
from shopify_app.returns.basket import Basket, Wish, packed
from shopify_app.returns.models import (
    APPROVED,
    ASKED,
    CANCELLED,
    EXCHANGE,
    WAITING,
    WITHDRAWAL,
    Draft,
    Item,
    Photo,
    Request,
)
from shopify_app.returns.policy import decisions as ruling
from shopify_app.returns.policy import money, policies
from shopify_app.returns.policy.decisions import Decision
from shopify_app.returns.policy.money import Preview
from shopify_app.returns.requests import effects, handling, labelling, lookup, units
from shopify_app.returns.requests.effects import BUYER, RULE
from shopify_app.returns.requests.units import Taken as Taken
from shopify_app.shopify.models import Shop


def ask(
    shop: Shop,
    kind: str,
    door: str,
    basket: Basket,
    wishes: Sequence[Wish],
    *,
    terms_version: int,
    decisions: Sequence[Decision],
    preview: Preview,
    email: str | None = None,
    photos: Sequence[int] = (),
    content: Mapping[str, Any] | None = None,
    flags: Sequence[str] = (),
    return_id: int | None = None,
) -> Request:
    """File what a buyer asked for; Shopify hears of it a moment later. Raises Taken, and LookupError without an order.

    decisions: one for each wish. content: more to keep (models.Request.content: receipt, proof). flags: why staff
    should look closely. return_id: Shopify's number, where the buyer's own session has filed it already; the basket was
    then read before that.
    """
    with transaction():
        units.lock(shop, basket.order_id)
        policies.settle(shop)
        known = _known(shop, basket, return_id)
        units.check(shop, basket, wishes, besides=known.id if known else None)
        request = known or _request(shop, basket, kind, door, return_id)
        request.kind, request.door, request.policy_version = kind, door, terms_version
        request.expected, request.is_flagged = preview.total, bool(flags)
        optional = {"email": email, "flags": list(flags) or None}
        kept = {name: value for name, value in optional.items() if value is not None}
        request.content = request.content | {"preview": money.packed(preview)} | kept | dict(content or {})
        db.session.add(request)
        db.session.flush()
        put_items(request, basket, wishes, decisions, preview)
        take_along(shop, request, photos, request.kind)
        _begin(shop, request, is_automatic=needs_nobody(shop, request, basket, wishes, decisions, preview))
    return request


def _known(shop: Shop, basket: Basket, return_id: int | None) -> Request | None:
    """The one that Shopify's news of the buyer's own filing made, when that came first."""
    known = lookup.of_return(shop, return_id) if return_id else None
    return known if known and known.order_id == basket.order_id else None


def _request(shop: Shop, basket: Basket, kind: str, door: str, return_id: int | None) -> Request:
    now = clock.now()
    return Request(
        shop_id=shop.id,
        order_id=basket.order_id,
        return_id=return_id,
        kind=kind,
        door=door,
        policy_version=0,
        state=WAITING if return_id else ASKED,
        state_at=now,
        asked_at=now,
        filed_at=now if return_id else None,
        currency=basket.currency,
        content={},
    )


def put_items(
    request: Request, basket: Basket, wishes: Sequence[Wish], decisions: Sequence[Decision], preview: Preview
) -> None:
    """The request's items, in place of those it had."""
    db.session.execute(delete(Item).where(Item.shop_id == request.shop_id, Item.request_id == request.id))
    for wish, decision, part in zip(wishes, decisions, preview.parts, strict=True):
        piece = basket.piece(wish.fulfillment_line_id)
        if piece is None:
            raise LookupError("no such piece")
        item = Item(
            shop_id=request.shop_id,
            request_id=request.id,
            order_id=request.order_id,
            line_id=piece.line_id,
            fulfillment_line_id=piece.fulfillment_line_id if piece.shipment_id else None,
            quantity=wish.quantity,
            outcome=wish.outcome,
            variant_id=wish.variant_id if wish.outcome == EXCHANGE else None,
            reason=wish.reason,
            decision=ruling.packed(decision),
            amount=part.with_tax + part.duties,
        )
        answers = [{"question": question, "answer": answer} for question, answer in wish.answers]
        item.content = {"note": wish.note, "answers": answers, "title": piece.title, "variant": wish.variant_title}
        item.content["kept"] = part.is_kept and bool(piece.shipment_id)
        item.content["reason_id"] = next((one.id for one in piece.reasons if one.handle == wish.reason), None)
        db.session.add(item)
    db.session.flush()


def take_along(shop: Shop, request: Request, photos: Sequence[int], draft: str) -> None:
    """The draft (its kind) is done with; its photos now belong to the request."""
    taken = update(Photo).where(Photo.shop_id == shop.id, Photo.order_id == request.order_id, Photo.id.in_(photos))
    unbound = taken.where(Photo.request_id.is_(None)).values(request_id=request.id)
    db.session.execute(unbound.execution_options(synchronize_session=False))
    drafts = delete(Draft).where(Draft.shop_id == shop.id, Draft.order_id == request.order_id, Draft.kind == draft)
    db.session.execute(drafts.execution_options(synchronize_session=False))


def needs_nobody(
    shop: Shop,
    request: Request,
    basket: Basket,
    wishes: Sequence[Wish],
    decisions: Sequence[Decision],
    preview: Preview,
) -> bool:
    """A withdrawal needs nobody's consent; what is flagged is looked at first."""
    if request.is_flagged or request.kind == WITHDRAWAL:
        return not request.is_flagged
    terms = policies.version(shop, request.policy_version)
    is_allowed = all(decision.is_allowed for decision in decisions)
    return is_allowed and ruling.is_automatic(terms, basket, wishes, preview)


def _begin(shop: Shop, request: Request, *, is_automatic: bool) -> None:
    effects.write(request, BUYER, "asked")
    effects.order(request, "file", BUYER)
    if is_automatic:
        approve_by(shop, request, RULE)
    elif request.kind != WITHDRAWAL:
        effects.tell(shop, request, "asked")
    if request.kind == WITHDRAWAL:
        effects.tell(shop, request, "receipt")
    if request.decided_at is None:
        effects.tell(shop, request, "staff")


def approve_by(shop: Shop, request: Request, by: str) -> None:
    """In a transaction. The buyer is told once Shopify has it."""
    request.decided_at, request.decided_by, request.is_buyers_turn = clock.now(), by, False
    effects.move(request, APPROVED)
    written = effects.write(request, by, "approved")
    effects.order(request, "approve", by, str(written.id))
    labelling.promise(shop, request)
    handling.forgo(shop, request, by)


def change(
    shop: Shop,
    request_id: int,
    user: str,
    basket: Basket,
    wishes: Sequence[Wish],
    *,
    decisions: Sequence[Decision],
    preview: Preview,
) -> bool:
    """Other units or outcomes, as staff choose them, as long as nothing has come back.

    Raises Taken. False when it is too late.
    """
    with transaction():
        units.lock(shop, basket.order_id)
        request = lookup.get(shop, request_id, is_locked=True)
        if request is None or not is_changeable(request):
            return False
        units.check(shop, basket, wishes, besides=request.id)
        put_items(request, basket, wishes, decisions, preview)
        request.expected = preview.total
        request.content = request.content | {"preview": money.packed(preview)}
        changed = effects.write(request, user, "changed", wishes=[packed(wish) for wish in wishes])
        effects.order(request, "refile", user, str(changed.id))
        handling.forgo(shop, request, user)
        return True


def is_changeable(request: Request) -> bool:
    """Nothing of it has come back. What came and was rejected leaves it approved, for the rest."""
    return request.state in (ASKED, WAITING, APPROVED) and request.received_at is None


def answer(shop: Shop, request_id: int, text: str) -> bool:
    """What staff asked, answered by the buyer; False when nothing is asked (any more)."""
    with transaction():
        request = lookup.get(shop, request_id, is_locked=True)
        if request is None or not request.is_buyers_turn:
            return False
        request.is_buyers_turn = False
        request.content = request.content | {"answer": text}
        effects.write(request, BUYER, "answer", text=text)
        return True


def cancel(shop: Shop, request_id: int, by: str) -> bool:
    """By the buyer or by staff, as long as nothing has come back; the units can be asked for again."""
    with transaction():
        request = lookup.get(shop, request_id, is_locked=True)
        if request is None or not is_changeable(request):
            return False
        effects.move(request, CANCELLED)
        request.is_buyers_turn = False
        effects.write(request, by, "cancelled")
        effects.order(request, "cancel", by)
        labelling.spare(request)
        return True
