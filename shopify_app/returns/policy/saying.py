"""What other features' pages and mails say of returns, by the terms of the order they speak of."""

from datetime import datetime

from shopify_app.language import Language
from shopify_app.orders import sayings
from shopify_app.returns.policy import clauses, policies
from shopify_app.shopify.models import Shop


@sayings.says("returns")
def terms(shop: Shop, placed_at: datetime, language: Language) -> str:
    """How long something may come back, and what it costs."""
    _, held = policies.of_order(shop, placed_at)
    return clauses.short(held, shop.currency, language)


@sayings.says("refunds")
def money(shop: Shop, placed_at: datetime, language: Language) -> str:
    """When money is paid back."""
    return clauses.money(language)
