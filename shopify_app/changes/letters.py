"""What is mailed about a request: its receipt and its outcome to the buyer, and to the shop that it waits."""

from collections.abc import Mapping

from shopify_app import postal
from shopify_app.changes import decisions
from shopify_app.changes.models import ADDRESS, CANCEL, TOO_LATE, WITHDRAWN, Change
from shopify_app.language import speak, words
from shopify_app.mail import letters, outbox, wording
from shopify_app.mail.models import Message
from shopify_app.mail.outbox import Mail, Skip
from shopify_app.mail.wording import Parts
from shopify_app.orders import links, read, values
from shopify_app.orders.models import Order
from shopify_app.shopify import guards
from shopify_app.shopify.models import Shop

STAFF: Mapping[str, str] = {
    CANCEL: words("A buyer asks you to cancel order {name}"),
    ADDRESS: words("A buyer corrects the address of order {name}"),
}
"""Subjects of what the shop gets."""
UNPAID = {"pending", "unpaid", "voided", "expired", "authorized"}

Values = dict[str, str | None]


@outbox.renders("changes/asked")
def asked(shop: Shop, message: Message) -> Mail | Skip:
    found = _found(shop, message)
    if isinstance(found, Skip):
        return found
    change, order = found
    return _answered(change) or _to_buyer(shop, change, order, "asked", {})


@outbox.renders("changes/done")
def done(shop: Shop, message: Message) -> Mail | Skip:
    found = _found(shop, message)
    if isinstance(found, Skip):
        return found
    change, order = found
    is_paid = order.financial_status not in UNPAID
    return _to_buyer(shop, change, order, "done", {"paid": "yes"} if is_paid else {})


@outbox.renders("changes/declined")
def declined(shop: Shop, message: Message) -> Mail | Skip:
    """Also for what came too late."""
    found = _found(shop, message)
    if isinstance(found, Skip):
        return found
    change, order = found
    why = ("cancelled" if order.cancelled_at else "sent") if change.result == TOO_LATE else ""
    return _to_buyer(shop, change, order, "declined", {why: "yes"} if why else {})


@outbox.renders("changes/staff")
def staff(shop: Shop, message: Message) -> Mail | Skip:
    """To the shop itself, in its own language."""
    found = _found(shop, message)
    if isinstance(found, Skip):
        return found
    change, order = found
    if not shop.email:
        return Skip("no_shop_address")
    return _answered(change) or letters.write(
        "changes/mail/staff",
        shop.locale,
        to=shop.email,
        subject=speak(shop.locale).t(STAFF[change.kind], name=order.name),
        shop=shop,
        link=guards.embedded_url(shop.domain, "/changes"),
    )


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


def _to_buyer(shop: Shop, change: Change, order: Order, stage: str, known: Values) -> Mail | Skip:
    if not order.person["email"]:
        return Skip("no_address")
    return write(shop, change, order, stage, links.url(shop, order.id), known)


def write(
    shop: Shop,
    change: Change,
    order: Order,
    stage: str,
    link: str,
    known: Values,
    *,
    voice: str | None = None,
    draft: Parts | None = None,
) -> Mail:
    """`stage` is asked, done or declined. link: to the order's page. known: what only this stage can say. voice: None
    for the order's own. draft: a merchant's words that are not kept yet. Raises Unready.
    """
    locale = voice or shop.voice(order.locale)
    told = wording.of(shop, f"changes/{change.kind}_{stage}", locale, values.of(shop, order, link) | known, draft)
    return letters.write(
        "changes/mail/letter",
        locale,
        to=order.person["email"],
        subject=told.subject,
        shop=shop,
        words=told,
        stage=stage,
        answer=change.content.get("answer"),
        address=postal.lines(change.content.get("address"), speak(locale)),
        link=link,
    )
