"""What of an order can come back, as Shopify has it at this moment, and what a buyer wishes for it. Values only: they
travel through drafts as dictionaries.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from shopify_app.returns.models import REFUND, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One of Shopify's definitions, as suggested for the product's category."""

    id: str
    """Gid, which is what Shopify takes."""
    handle: str
    """Which is what is kept: it never changes."""
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Units of one line that travelled in one parcel. Amounts are minor units of the order's currency."""

    fulfillment_line_id: int
    line_id: int
    shipment_id: int
    title: str
    variant_title: str | None
    sku: str | None
    product_id: int | None
    variant_id: int | None
    product_type: str
    tags: tuple[str, ...]
    collections: tuple[int, ...]
    """Shopify's numbers."""
    is_gift_card: bool
    quantity: int
    """Units in this parcel."""
    returnable: int
    """Those of them that no return has taken yet, as Shopify counts."""
    line_quantity: int
    """Units of the line as ordered: what the next three sums are for."""
    paid: int
    """For all units of the line, after every discount; with tax where the order's prices contain it."""
    tax: int
    """The tax on all units of the line, contained in `paid` or not."""
    duties: int
    shipped_at: datetime
    delivered_at: datetime | None
    reasons: tuple[Reason, ...]
    gone: int = 0
    """Units of the line that were refunded or sent back before: of what they were worth nothing comes back again."""
    tax_rate: str = "0"
    """As a fraction: what is taken in exchange is taxed like this."""
    duty_ids: tuple[str, ...] = ()
    """Gids of what the duties of the line are made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    order_id: int
    name: str
    currency: str
    placed_at: datetime
    country: str | None
    """Two letters, where it was delivered."""
    discount_codes: tuple[str, ...]
    customer_tags: tuple[str, ...]
    taxes_included: bool
    shipping: int
    """What the buyer paid for delivery, with tax."""
    refunded_shipping: int
    paid: int
    """By the buyer, in all."""
    refunded: int
    """So far, in all."""
    last_delivered_at: datetime | None
    """Of the last parcel; None while one is under way or something is not sent."""
    pieces: tuple[Piece, ...]
    read_at: datetime
    unsent_pieces: tuple[Piece, ...] = ()
    """What was not sent, and can only be withdrawn from. Such a piece has no line of a fulfillment: in that number's
    place stands the line's own below zero, `shipment_id` is 0 and `shipped_at` when the order was placed."""
    unsent: int = 0
    """Units of the order that were not sent yet and are still wanted."""
    shop_currency: str | None = None
    """None: the order's own."""
    rate: str = "1"
    """What one unit of the shop's currency was in the order's, when it was placed."""

    def piece(self, fulfillment_line_id: int) -> Piece | None:
        everything = (*self.pieces, *self.unsent_pieces)
        return next((one for one in everything if one.fulfillment_line_id == fulfillment_line_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a buyer wants for units of one piece."""

    fulfillment_line_id: int
    quantity: int
    outcome: str = REFUND
    reason: str | None = None
    """Handle."""
    variant_id: int | None = None
    variant_title: str | None = None
    note: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    """Question and answer."""


def wish_for(item: Item, units: int) -> Wish:
    """So many of an item's units, with what was asked for them; of what was not sent by its line."""
    return Wish(
        fulfillment_line_id=item.fulfillment_line_id or -item.line_id,
        quantity=units,
        outcome=item.outcome,
        reason=item.reason,
        variant_id=item.variant_id,
    )


def packed(value: Basket | Wish) -> dict[str, Any]:
    """As a dictionary that JSON can hold; times in ISO."""
    return _plain(asdict(value))  # type: ignore[no-any-return]


def unpacked_basket(kept: dict[str, Any]) -> Basket:
    pieces = {name: tuple(_piece(one) for one in kept[name]) for name in ("pieces", "unsent_pieces")}
    times = {name: _moment(kept[name]) for name in ("placed_at", "last_delivered_at", "read_at")}
    lists = {name: tuple(kept[name]) for name in ("discount_codes", "customer_tags")}
    return Basket(**(kept | times | lists | pieces))


def unpacked_wishes(kept: Sequence[dict[str, Any]]) -> Sequence[Wish]:
    return [Wish(**(one | {"answers": tuple((q, a) for q, a in one["answers"])})) for one in kept]


def _piece(kept: dict[str, Any]) -> Piece:
    times = {name: _moment(kept[name]) for name in ("shipped_at", "delivered_at")}
    lists = {name: tuple(kept[name]) for name in ("tags", "collections", "duty_ids")}
    reasons = tuple(Reason(**one) for one in kept["reasons"])
    return Piece(**(kept | times | lists | {"reasons": reasons}))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value
