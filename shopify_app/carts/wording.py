"""What the reminders of a cart say in our words, and what they look like."""

from collections.abc import Callable
from datetime import timedelta

from shopify_app import clock
from shopify_app.carts import letter, reminders, settings
from shopify_app.carts.last_look import NOTHING
from shopify_app.carts.letter import STEPS
from shopify_app.carts.models import Cart
from shopify_app.codes.models import Code
from shopify_app.language import Language, words
from shopify_app.mail.outbox import Mail
from shopify_app.mail.wording import Parts, Show, Template, Variable, declare, either
from shopify_app.orders import sample
from shopify_app.orders.models import Line
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop

VARIABLES = (
    Variable("first_name", words("The buyer’s first name"), "Alex", may_be_missing=True),
    Variable("shop", words("The shop’s name"), "Lumen Goods"),
    Variable("items", words("What is in the cart, in one line"), "Desk lamp and Cord set"),
    Variable("total", words("What it costs"), "€118.00"),
    Variable("payment", words("“yes” where a payment did not go through"), "yes", may_be_missing=True),
    Variable("no_rate", words("“yes” where nobody delivers to the address"), "yes", may_be_missing=True),
    Variable("gone", words("What cannot be bought any more, in one line"), "Desk lamp", may_be_missing=True),
    Variable("code", words("The discount code"), "THANKS10", may_be_missing=True),
    Variable("link", words("The address of the checkout"), "https://lumen-goods.example/1/checkouts/x/recover"),
)
SUBJECTS = {"first": words("You left something in your cart"), "later": words("Your cart is still here")}


def _ours(step: str) -> Callable[[Language], Parts]:
    def told(language: Language) -> Parts:
        t = language.t
        says = (
            either("first_name", t("Hello {name},", name="{{ first_name }}")),
            either("payment", f"**{t('Your payment did not go through. You can try again, or pay in another way.')}**"),
            either("no_rate", f"**{_nobody_delivers(language)}**"),
            either("gone", f"**{t('No longer available: {items}.', items='{{ gone }}')}**"),
            t("We have kept these items in your cart:"),
        )
        return Parts(
            subject=t(SUBJECTS[step]),
            heading=t(SUBJECTS[step]),
            body="\n\n".join(says),
            button=t("Go on with my order"),
            footer=t("You get this message because you began an order with us and did not finish it."),
        )

    return told


def _nobody_delivers(language: Language) -> str:
    return language.t("We found no way to deliver to your address. Just answer this message, and we will look for one.")


def _shows(step: str) -> Show:
    """As if the order were a cart that was left; the later one with a code. Its button leads to the look-up."""

    def show(shop: Shop, order_id: int | None, voice: str, draft: Parts | None) -> Mail | None:
        whole = sample.shown(shop, order_id)
        if whole is None:
            return None
        code = None if step == STEPS[0] else Code(code="THANKS10", percent=10, ends_at=clock.now() + timedelta(7))
        return letter.write(shop, _left(shop, whole), NOTHING, STEPS.index(step), code, voice=voice, draft=draft)

    return show


def _left(shop: Shop, whole: Whole) -> Cart:
    order = whole.order
    there = {"locale": order.locale, "url": shop.storefront + shop.proxy_path}
    return Cart(
        person=order.person | there,
        items=[_item(line) for line in whole.lines],
        currency=order.currency,
        total=sum(line.price * line.quantity for line in whole.lines),
    )


def _item(line: Line) -> dict[str, str | int | None]:
    names = ("title", "variant_title", "quantity", "price", "product_id", "variant_id")
    return {name: getattr(line, name) for name in names}


def _has(step: str) -> Callable[[Shop], bool]:
    return lambda shop: settings.of(shop).steps > STEPS.index(step)


for _step in STEPS:
    declare(
        Template(
            f"carts/{_step}",
            VARIABLES,
            _ours(_step),
            _shows(_step),
            shared=reminders.TEMPLATE,
            is_sent=_has(_step),
        )
    )
