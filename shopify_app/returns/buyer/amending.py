"""A buyer changes a return that is open, by the same steps: they open with what was asked for so far."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shopify_app.returns import requests
from shopify_app.returns.basket import Wish
from shopify_app.returns.models import APPROVED, RETURN, Item, Request
from shopify_app.returns.requests import amending
from shopify_app.shopify.models import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A request that is to be changed, as it stands."""

    id: int
    name: str | None
    state: str
    asked_at: datetime
    policy_version: int
    wishes: tuple[Wish, ...]

    @property
    def draft(self) -> str:
        """The kind of the draft that the change lies in."""
        return f"{RETURN}/{self.id}"

    @property
    def is_agreed(self) -> bool:
        return self.state == APPROVED

    def held(self, wish: Wish) -> bool:
        """Whether no more is wished than was asked for."""
        return any(
            one.fulfillment_line_id == wish.fulfillment_line_id and wish.quantity <= one.quantity for one in self.wishes
        )

    def holds(self, wish: Wish) -> bool:
        """Whether just this was asked for: it may stay, whatever the terms say by now."""
        return self.held(wish) and any(
            one.fulfillment_line_id == wish.fulfillment_line_id and one.outcome == wish.outcome for one in self.wishes
        )


def of(shop: Shop, order_id: int, number: int) -> Before | None:
    """None when there is none that may be changed (any more)."""
    request = requests.get(shop, number)
    if request is None or request.order_id != order_id:
        return None
    items = requests.items(shop, [number])[number]
    return _before(request, items) if amending.may(request, items) else None


def _before(request: Request, items: Sequence[Item]) -> Before:
    return Before(
        id=request.id,
        name=request.name,
        state=request.state,
        asked_at=request.asked_at,
        policy_version=request.policy_version,
        wishes=_wishes(items),
    )


def _wishes(items: Sequence[Item]) -> tuple[Wish, ...]:
    """One for each piece, as the steps know it."""
    counted: Counter[int] = Counter()
    first: dict[int, Item] = {}
    for item in items:
        piece = item.fulfillment_line_id or -item.line_id
        counted[piece] += item.quantity
        first.setdefault(piece, item)
    return tuple(_wish(item, piece, counted[piece]) for piece, item in first.items())


def _wish(item: Item, piece: int, count: int) -> Wish:
    return Wish(
        fulfillment_line_id=piece,
        quantity=count,
        outcome=item.outcome,
        reason=item.reason,
        variant_id=item.variant_id,
        variant_title=item.content.get("variant"),
        note=item.content.get("note") or "",
        answers=tuple((one["question"], one["answer"]) for one in item.content.get("answers") or ()),
    )
