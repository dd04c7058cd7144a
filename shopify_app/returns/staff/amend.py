"""Other units or outcomes of a return that is open, as staff chooses them from what Shopify says at this moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shopify_app import clock
from shopify_app.language import zone
from shopify_app.returns import reading, requests
from shopify_app.returns.basket import Basket, Piece, Wish
from shopify_app.returns.models import APPROVED, EXCHANGE, OUTCOMES, WITHDRAWAL, Item, Request
from shopify_app.returns.policy import decisions, money, policies
from shopify_app.returns.policy.decisions import Decision
from shopify_app.returns.policy.terms import Terms
from shopify_app.returns.reading import Variant
from shopify_app.returns.requests import units
from shopify_app.returns.staff import goodwill
from shopify_app.shopify.models import Shop


class Unclear(Exception):
    """`field` of the form is none of what there is to choose."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class Choice:
    """One piece of the order, with what was asked of it so far."""

    piece: Piece
    most: int
    """Units that this return can hold of it."""
    item: Item | None
    variants: Sequence[Variant]

    @property
    def id(self) -> int:
        return self.piece.fulfillment_line_id

    @property
    def chosen(self) -> str:
        """As the form writes an outcome."""
        if self.item is None:
            return OUTCOMES[0]
        return f"{EXCHANGE}-{self.item.variant_id}" if self.item.outcome == EXCHANGE else self.item.outcome


@dataclass(frozen=True, slots=True)
class Shelf:
    basket: Basket
    choices: Sequence[Choice]


def read(shop: Shop, request: Request) -> Shelf | None:
    """None when Shopify shows us no such order. Raises ShopifyError."""
    basket = reading.read(shop, request.order_id)
    if basket is None:
        return None
    items = {item.fulfillment_line_id: item for item in requests.items(shop, [request.id])[request.id]}
    free = units.left(shop, basket)
    choices = []
    for piece in basket.pieces:
        item = items.get(piece.fulfillment_line_id)
        most = free[piece.fulfillment_line_id] + (item.quantity if item else 0)
        if most > 0:
            choices.append(Choice(piece, most, item, reading.variants(shop, basket, piece)))
    return Shelf(basket, choices)


def chosen(shelf: Shelf, form: Mapping[str, str]) -> Sequence[Wish]:
    """What the form says. Raises Unclear."""
    wishes = [_wish(choice, count, form) for choice in shelf.choices if (count := _count(choice, form))]
    if not wishes:
        raise Unclear(f"units-{shelf.choices[0].id}" if shelf.choices else "units")
    return wishes


def change(shop: Shop, request: Request, user: str, shelf: Shelf, wishes: Sequence[Wish]) -> str:
    """done, asked or overtaken (deeds.py). What lies outside of the terms is given at once where the return is approved
    already, else with its approval. Raises Taken.
    """
    terms = policies.version(shop, request.policy_version)
    basket = _with_room(shelf)
    prices = {variant.id: variant.price for choice in shelf.choices for variant in choice.variants}
    is_withdrawal, place = request.kind == WITHDRAWAL, zone(shop.timezone)
    sums = money.preview(
        basket, wishes, terms, prices, is_withdrawal=is_withdrawal, asked_at=request.asked_at, zone=place
    )
    decided = [_decision(shop, request, terms, basket, shelf, wish) for wish in wishes]
    shares = zip(wishes, sums.parts, decided, strict=True)
    given = sum(_given(shelf, wish, part.with_tax) for wish, part, one in shares if not one.is_allowed)
    return goodwill.give(
        shop,
        request,
        user,
        goodwill.OUTSIDE,
        given if request.state == APPROVED else 0,
        lambda: requests.change(shop, request.id, user, shelf.basket, wishes, decisions=decided, preview=sums),
    )


def _decision(shop: Shop, request: Request, terms: Terms, basket: Basket, shelf: Shelf, wish: Wish) -> Decision:
    """What was asked for in time stays so; what is added is judged by today."""
    piece = basket.piece(wish.fulfillment_line_id)
    if piece is None:
        raise LookupError("no such piece")
    at = clock.now() if _more(shelf, wish) else request.asked_at
    return decisions.decide(terms, basket, piece, wish, at, zone(shop.timezone))


def _more(shelf: Shelf, wish: Wish) -> int:
    """Units beyond those that were asked for so far."""
    item = _item(shelf, wish)
    return max(wish.quantity - (item.quantity if item else 0), 0)


def _given(shelf: Shelf, wish: Wish, amount: int) -> int:
    """What is goodwill of a wish that the terms refuse: all of it, but for units that were allowed when asked for."""
    item, more = _item(shelf, wish), _more(shelf, wish)
    was_allowed = item is not None and (not item.decision or item.decision["is_allowed"])
    units = more if was_allowed and more else wish.quantity
    return -(-amount * units // wish.quantity)


def _item(shelf: Shelf, wish: Wish) -> Item | None:
    return next(choice.item for choice in shelf.choices if choice.id == wish.fulfillment_line_id)


def _with_room(shelf: Shelf) -> Basket:
    """With the units that this return holds already as free."""
    most = {choice.id: choice.most for choice in shelf.choices}
    pieces = shelf.basket.pieces
    return replace(
        shelf.basket, pieces=tuple(replace(one, returnable=most.get(one.fulfillment_line_id, 0)) for one in pieces)
    )


def _count(choice: Choice, form: Mapping[str, str]) -> int:
    field = f"units-{choice.id}"
    text = form.get(field, "").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= choice.most):
        raise Unclear(field)
    return int(text)


def _wish(choice: Choice, count: int, form: Mapping[str, str]) -> Wish:
    """What the buyer wrote of it stays with it."""
    outcome, variant = _outcome(choice, form.get(f"outcome-{choice.id}", ""))
    reason = form.get(f"reason-{choice.id}") or (choice.item.reason if choice.item else None)
    if reason is not None and reason not in {one.handle for one in choice.piece.reasons} | _before(choice):
        raise Unclear(f"reason-{choice.id}")
    kept = choice.item.content if choice.item else {}
    return Wish(
        fulfillment_line_id=choice.id,
        quantity=count,
        outcome=outcome,
        reason=reason,
        variant_id=variant.id if variant else None,
        variant_title=variant.title if variant else None,
        note=kept.get("note") or "",
        answers=tuple((one["question"], one["answer"]) for one in kept.get("answers") or ()),
    )


def _outcome(choice: Choice, text: str) -> tuple[str, Variant | None]:
    word, _, number = text.partition("-")
    if word == EXCHANGE:
        found = next((one for one in choice.variants if str(one.id) == number), None)
        if found is None or not (found.available or text == choice.chosen):
            raise Unclear(f"outcome-{choice.id}")
        return word, found
    if text not in OUTCOMES:
        raise Unclear(f"outcome-{choice.id}")
    return text, None


def _before(choice: Choice) -> set[str]:
    return {choice.item.reason} if choice.item and choice.item.reason else set()
