"""Where a payload is written from, and how it writes times and money."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from devstore.money import rounded, text
from devstore.records import Checkout, Order, Shop
from devstore.state import State

Body = dict[str, Any]


@dataclass(frozen=True)
class View:
    """One shop with the addresses its payloads name: its storefront and the picture host."""

    state: State
    shop: Shop
    storefront: str
    cdn: str

    def time(self, at: datetime | None) -> str | None:
        """In the shop's zone with its offset, without fractions: "2026-11-21T20:04:02+01:00"."""
        if at is None:
            return None
        return at.astimezone(ZoneInfo(self.shop.iana_timezone)).isoformat(timespec="seconds")

    def money(self, amount: Decimal | str) -> str:
        return text(amount, self.shop.currency)

    def bag(self, amount: Decimal | str, deal: Order | Checkout) -> Body:
        """A *_set: shop money and what the buyer pays."""
        paid = rounded(Decimal(amount) * Decimal(deal.exchange_rate), deal.presentment_currency)
        return self.paid_bag(paid, deal, amount)

    def paid_bag(self, paid: Decimal, deal: Order | Checkout, amount: Decimal | str | None = None) -> Body:
        """The same from what the buyer pays; None for the shop's amount lets it follow from the rate."""
        own = paid / Decimal(deal.exchange_rate) if amount is None else amount
        return {
            "shop_money": {"amount": self.money(own), "currency_code": self.shop.currency},
            "presentment_money": {
                "amount": text(paid, deal.presentment_currency),
                "currency_code": deal.presentment_currency,
            },
        }
