"""What is kept back, as Shopify wants to be told: a percentage for each line, one amount for the way back."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from shopify_app.returns.models import WITHDRAWAL, Item, Request
from shopify_app.returns.policy import money, policies
from shopify_app.shopify.models import Shop


def restocking(shop: Shop, request: Request, items: Sequence[Item]) -> Mapping[int, Decimal]:
    """Item's id → percent. None is taken where the buyer was told of none."""
    kept = request.content.get("preview")
    if request.kind == WITHDRAWAL or kept is None:
        return {item.id: Decimal(0) for item in items}
    terms = policies.version(shop, request.policy_version)
    parts = money.unpacked(kept).parts
    return {
        item.id: terms.fee(item.outcome, item.reason).restocking if part.fee else Decimal(0)
        for item, part in zip(items, parts, strict=True)
    }


def shipping(request: Request) -> int:
    """Minor units of the request's currency."""
    kept = request.content.get("preview")
    return 0 if request.kind == WITHDRAWAL or kept is None else money.unpacked(kept).shipping_fee
