"""What is mailed: the request and its reminder to the buyer, and to staff that something went wrong."""

from dataclasses import dataclass, replace

from shopify_app import clock
from shopify_app.addresses import picture
from shopify_app.feedback import answers, cases, decision, links, reading, requests
from shopify_app.feedback.causes import CAUSES
from shopify_app.feedback.decision import Facts
from shopify_app.feedback.models import GOOD, SOLVED, WRONG
from shopify_app.language import speak
from shopify_app.mail import letters, outbox, wording
from shopify_app.mail.models import Basis, Message, Purpose
from shopify_app.mail.outbox import Mail, Reader, Skip, Wait
from shopify_app.mail.wording import Parts
from shopify_app.orders import homes, read, values
from shopify_app.orders import links as pages
from shopify_app.orders.models import Order
from shopify_app.orders.read import Whole
from shopify_app.shopify import guards
from shopify_app.shopify.models import Shop

BASIS = (Basis.CONSENT, Basis.CUSTOMER)
"""A request for feedback is advertising, says the Federal Court of Justice of Germany (VI ZR 225/17)."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the mail's links lead: the three answers, and the order's page for whoever's words name it."""

    good: str
    wrong: str
    reviews: str
    order: str


@outbox.renders("feedback/request", Purpose.MARKETING, basis=BASIS)
def request(shop: Shop, message: Message) -> Mail | Skip | Wait:
    return _to_buyer(shop, message, "request")


@outbox.renders("feedback/reminder", Purpose.MARKETING, basis=BASIS)
def reminder(shop: Shop, message: Message) -> Mail | Skip | Wait:
    return _to_buyer(shop, message, "reminder")


def _to_buyer(shop: Shop, message: Message, stage: str) -> Mail | Skip | Wait:
    """The last look: much can have happened since it was written, and the budget may have kept it for days."""
    whole = read.whole(shop, message.order_id or 0)
    if whole is None:
        return Skip("order_gone")
    known = reading.facts(shop, whole, requests.of_order(shop, whole.order.id))
    return why_not(known) or write(shop, whole, stage)


def why_not(known: Facts) -> Skip | Wait | None:
    """What speaks against asking at the moment of sending; None: nothing."""
    if known.rule.since is None:
        return Skip("feedback_off")
    # What the outbox says of the message itself is no reason here: this is the message.
    if reason := decision.never(replace(known, is_refused=False)):
        return Skip(reason)
    if decision.arrival(known) is None:
        return Wait(clock.now() + decision.AGAIN, "under_way")
    if reason := decision.held(known):
        return Wait(clock.now() + decision.AGAIN, reason)
    return None


def write(
    shop: Shop,
    whole: Whole,
    stage: str,
    ways: Ways | None = None,
    *,
    voice: str | None = None,
    draft: Parts | None = None,
) -> Mail:
    """ways: None for those of the order. voice: None for the order's own. draft: a merchant's words that are not kept
    yet. Raises Unready.
    """
    order = whole.order
    locale = voice or shop.voice(order.locale)
    chosen = ways or _ways(shop, order.id)
    told = wording.of(shop, f"feedback/{stage}", locale, values.of(shop, order, chosen.order), draft)
    mail = letters.write(
        "feedback/mail/request",
        locale,
        to=order.person["email"],
        subject=told.subject,
        shop=shop,
        words=told,
        whole=whole,
        lines=reading.kept_lines(whole) or whole.lines,  # of a preview nothing may have been sent yet
        picture=picture,
        way=chosen.good,
        ways=chosen,
    )
    return replace(mail, reader=reader(shop, order))


def reader(shop: Shop, order: Order) -> Reader:
    return Reader(order.customer_id, order.country, homes.of(shop, order))


def _ways(shop: Shop, order_id: int) -> Ways:
    good, wrong = links.url(shop, order_id, GOOD), links.url(shop, order_id, WRONG)
    return Ways(good, wrong, links.url(shop, order_id, page="reviews"), pages.url(shop, order_id))


@outbox.renders("feedback/staff")
def staff(shop: Shop, message: Message) -> Mail | Skip:
    """To the shop itself, in its own language, with all that the buyer has said so far."""
    case = cases.get(shop, int(message.key.split("/")[1]))
    order = read.get(shop, case.order_id) if case else None
    if case is None or order is None:
        return Skip("order_gone")
    if case.state == SOLVED:
        return Skip("answered")
    if not shop.email:
        return Skip("no_shop_address")
    return letters.write(
        "feedback/mail/staff",
        shop.locale,
        to=shop.email,
        subject=speak(shop.locale).t("Something is wrong with order {name}", name=order.name),
        shop=shop,
        order=order,
        answer=answers.of(shop, order.id),
        cause=CAUSES.get(case.cause or ""),
        page=guards.embedded_url(shop.domain, f"/feedback/cases/{case.id}"),
    )
