"""What reminders of a cart look like: of one that is made up, each as it would follow the last."""

from collections.abc import Callable
from datetime import timedelta

from shopify_app import clock
from shopify_app.carts import messages, reminders, settings
from shopify_app.carts.last_look import NOTHING
from shopify_app.carts.models import Cart, CartCode
from shopify_app.mail import samples
from shopify_app.mail.outbox import Mail
from shopify_app.orders import sample
from shopify_app.shopify.models import Shop

NAMES = (reminders.TEMPLATE, f"{reminders.TEMPLATE}/2", f"{reminders.TEMPLATE}/3")
"""One for each message that there may be."""


def _step(step: int) -> Callable[[Shop], Mail | None]:
    def made(shop: Shop) -> Mail | None:
        chosen = settings.of(shop)
        if step >= chosen.steps:
            return None
        is_last = step == chosen.steps - 1
        return messages.write(shop, _cart(shop), NOTHING, step, _code(chosen) if is_last and chosen.percent else None)

    return made


for _place, _name in enumerate(NAMES):
    samples.shows(_name)(_step(_place))


def _cart(shop: Shop) -> Cart:
    whole = sample.whole(shop)
    named = ("title", "variant_title", "quantity", "price", "product_id", "variant_id")
    items = [{name: getattr(line, name) for name in named} for line in whole.lines]
    person = {"email": shop.email or "", "first_name": "Alex", "locale": shop.locale, "url": samples.page(shop)}
    return Cart(person=person, items=items, currency=shop.currency, total=whole.order.total, obstacle=None)


def _code(chosen: settings.Settings) -> CartCode:
    return CartCode(code="SAMPLE-CODE", percent=chosen.percent, ends_at=clock.now() + timedelta(days=chosen.days))
