"""What is mailed about a request: its receipt and its outcome to the buyer, and to the shop that it waits."""

from collections.abc import Mapping
from typing import Any

from shopify_app import postal
from shopify_app.changes import decisions
from shopify_app.changes.models import ADDRESS, CANCEL, TOO_LATE, WITHDRAWN, Change
from shopify_app.language import speak, words
from shopify_app.mail import letters, outbox
from shopify_app.mail.models import Message
from shopify_app.mail.outbox import Mail, Skip
from shopify_app.orders import links, read
from shopify_app.orders.models import Order
from shopify_app.shopify import guards
from shopify_app.shopify.models import Shop

SUBJECTS: Mapping[tuple[str, str], str] = {
    (CANCEL, "asked"): words("We have your request to cancel order {name}"),
    (CANCEL, "done"): words("Order {name} is cancelled"),
    (CANCEL, "declined"): words("Order {name} could not be cancelled"),
    (CANCEL, "staff"): words("A buyer asks you to cancel order {name}"),
    (ADDRESS, "asked"): words("We have your new address for order {name}"),
    (ADDRESS, "done"): words("Order {name} goes to your new address"),
    (ADDRESS, "declined"): words("The address of order {name} could not be changed"),
    (ADDRESS, "staff"): words("A buyer corrects the address of order {name}"),
}
UNPAID = {"pending", "unpaid", "voided", "expired", "authorized"}


@outbox.renders("changes/asked")
def asked(shop: Shop, message: Message) -> Mail | Skip:
    found = _found(shop, message)
    if isinstance(found, Skip):
        return found
    change, order = found
    return _answered(change) or _to_buyer(shop, change, order, "asked")


@outbox.renders("changes/done")
def done(shop: Shop, message: Message) -> Mail | Skip:
    found = _found(shop, message)
    if isinstance(found, Skip):
        return found
    change, order = found
    return _to_buyer(shop, change, order, "done", is_paid=order.financial_status not in UNPAID)


@outbox.renders("changes/declined")
def declined(shop: Shop, message: Message) -> Mail | Skip:
    """Also for what came too late."""
    found = _found(shop, message)
    if isinstance(found, Skip):
        return found
    change, order = found
    is_late, is_cancelled = change.result == TOO_LATE, order.cancelled_at is not None
    return _to_buyer(shop, change, order, "declined", is_late=is_late, is_cancelled=is_cancelled)


@outbox.renders("changes/staff")
def staff(shop: Shop, message: Message) -> Mail | Skip:
    """To the shop itself, in its own language."""
    found = _found(shop, message)
    if isinstance(found, Skip):
        return found
    change, order = found
    if not shop.email:
        return Skip("no_shop_address")
    page = guards.embedded_url(shop.domain, "/changes")
    return _answered(change) or write(shop, change, order, "staff", shop.locale, shop.email, link=page)


def _found(shop: Shop, message: Message) -> tuple[Change, Order] | Skip:
    """The change that a message's key names, as in "change/7/asked", and its order."""
    change = decisions.get(shop, int(message.key.split("/")[1]))
    order = read.get(shop, change.order_id) if change else None
    return (change, order) if change and order else Skip("order_gone")


def _answered(change: Change) -> Skip | None:
    """Nothing is received or awaited any more."""
    if change.decision == WITHDRAWN:
        return Skip("withdrawn")
    return None if change.is_undecided else Skip("answered")


def _to_buyer(shop: Shop, change: Change, order: Order, stage: str, **context: Any) -> Mail | Skip:
    to = order.person["email"]
    if not to:
        return Skip("no_address")
    return write(shop, change, order, stage, shop.voice(order.locale), to, link=links.url(shop, order.id), **context)


def write(shop: Shop, change: Change, order: Order, stage: str, locale: str, to: str, **context: Any) -> Mail:
    language = speak(locale)
    subject = language.t(SUBJECTS[change.kind, stage], name=order.name)
    address = postal.lines(change.content.get("address"), language)
    about = {"shop": shop, "order": order, "change": change, "address": address}
    return letters.write(f"changes/mail/{stage}", locale, to=to, subject=subject, **about, **context)
