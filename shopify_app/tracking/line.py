"""The page of one product of an order: what it is, what was paid, how it is used."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopify_app import addresses
from shopify_app.language import Language
from shopify_app.orders.models import Line, Product
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop
from shopify_app.tracking import fields
from shopify_app.tracking.fields import Field
from shopify_app.tracking.page import letter


@dataclass(frozen=True, slots=True)
class LinePage:
    line: Line
    whole: Whole
    shop: Shop
    language: Language

    @property
    def picture(self) -> str | None:
        return addresses.picture(self.whole.picture(self.line), 800)

    @property
    def price(self) -> str:
        """What was paid for one piece, whatever it costs today."""
        paid = self.line.price if self.line.paid is None else self.line.paid
        return self.language.money(paid, self.whole.order.currency)

    @property
    def specs(self) -> Sequence[Field]:
        return fields.specs(self.shop, self._product, self.language)

    @property
    def guide(self) -> Field | None:
        return fields.guide(self.shop, self._product, self.language)

    @property
    def ask(self) -> str | None:
        """Where a question about it goes."""
        order, t = self.whole.order, self.language.t
        return letter(self.shop, t("{item} of order {name}", item=self.line.title, name=order.name))

    @property
    def in_shop(self) -> str | None:
        """Where the shop sells it."""
        product = self._product
        if product is None or product.deleted_at or not product.handle:
            return None
        return f"{self.shop.storefront}/products/{product.handle}"

    @property
    def _product(self) -> Product | None:
        return self.whole.products.get(self.line.product_id or 0)
