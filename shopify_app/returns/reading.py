"""What of an order can come back, read from Shopify at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopify_app.returns.basket import Basket, Piece
from shopify_app.shopify.models import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Something else of the same product."""

    id: int
    title: str
    price: int
    """Minor units of the order's currency, as it stands in the shop today."""
    available: bool


def read(shop: Shop, order_id: int) -> Basket | None:
    """None when Shopify shows us no such order. Raises one of the ShopifyError family."""
    raise NotImplementedError


def variants(shop: Shop, basket: Basket, piece: Piece) -> Sequence[Variant]:
    """What the piece can be exchanged for, itself included, in the shop's order. Raises ShopifyError."""
    raise NotImplementedError
