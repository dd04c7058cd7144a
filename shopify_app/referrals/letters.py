"""The thanks for a friend: a code of one's own, made when the budget has agreed to the message."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from shopify_app import clock
from shopify_app.codes import friends, making
from shopify_app.codes.making import No, Wish
from shopify_app.codes.models import REWARD, Code
from shopify_app.db import db
from shopify_app.language import Language, speak, words, zone
from shopify_app.mail import letters as paper
from shopify_app.mail import links, outbox, wording
from shopify_app.mail.models import Basis, Message, Purpose
from shopify_app.mail.outbox import Mail, Reader, Skip, Wait
from shopify_app.mail.wording import Parts, Template, Variable, declare, either
from shopify_app.orders import homes, sample
from shopify_app.orders.models import Order
from shopify_app.referrals import reading, rewarding
from shopify_app.referrals.models import Referral
from shopify_app.shopify.errors import ShopifyError
from shopify_app.shopify.models import Shop

WORTH = timedelta(days=30)
"""After so long nobody remembers which friend it was."""
VARIABLES = (
    Variable("first_name", words("The buyer’s first name"), "Alex", may_be_missing=True),
    Variable("shop", words("The shop’s name"), "Lumen Goods"),
    Variable("code", words("The discount code"), "GIFT-7KQ2M-X4ZTA"),
    Variable("percent", words("What it takes off, in per cent"), "10"),
    Variable("until", words("The day on which it ends"), "June 4"),
)


@outbox.renders(rewarding.TEMPLATE, Purpose.MARKETING, (Basis.CONSENT, Basis.CUSTOMER))
def reward(shop: Shop, message: Message) -> Mail | Skip | Wait:
    number = int(message.key.split("/")[1])
    referral = db.session.scalar(select(Referral).where(Referral.shop_id == shop.id, Referral.id == number))
    orders = reading.of_referrer(shop, referral) if referral else ()
    if referral is None or not orders:
        return Skip("erased")
    order = orders[0]
    reader = Reader(order.customer_id, order.country, homes.of(shop, order))
    bare = Mail(order.person["email"] or "", "", "", "", reader, expires_at=message.created_at + WORTH)
    if not bare.to:
        return Skip("no_address")
    return replace(bare, last=lambda: _with_code(shop, order, number, bare))


def _with_code(shop: Shop, order: Order, number: int, bare: Mail) -> Mail | Skip | Wait:
    terms = friends.of(shop)
    wish = Wish(f"reward/{number}", REWARD, order.email_index, terms.reward, order.customer_id, days=terms.days)
    try:
        code = making.of(shop, wish)
    except ShopifyError as error:
        return outbox.silent(error)
    if isinstance(code, No):
        return Skip(code.reason)
    mail = write(shop, order, _values(shop, order, code), shop.voice(order.locale))
    return replace(mail, reader=bare.reader, expires_at=bare.expires_at)


def _values(shop: Shop, order: Order, code: Code) -> dict[str, str | None]:
    language = speak(shop.voice(order.locale))
    return {
        "first_name": order.person["first_name"],
        "shop": shop.name or shop.domain,
        "code": code.code,
        "percent": str(code.percent),
        "until": language.day(code.ends_at, zone(shop.timezone)) if code.ends_at else "",
    }


def write(shop: Shop, order: Order, values: Mapping[str, str | None], voice: str, draft: Parts | None = None) -> Mail:
    """draft: a merchant's words that are not kept yet. Raises Unready."""
    told = wording.of(shop, rewarding.TEMPLATE, voice, values, draft)
    to = order.person["email"]
    return paper.write(
        "referrals/mail/reward",
        voice,
        to=to,
        subject=told.subject,
        shop=shop,
        words=told,
        link=friends.address(shop, values["code"] or ""),
        leave=links.page(shop, to),
        offer=_offer(speak(voice), values),
    )


def _offer(language: Language, values: Mapping[str, str | None]) -> str:
    return language.t(
        "With the code {code} you pay {percent} % less. It is good for one order until {day}. The button fills it in.",
        code=values["code"],
        percent=values["percent"],
        day=values["until"],
    )


def _ours(language: Language) -> Parts:
    t = language.t
    named = t("Thank you, {name}!", name="{{ first_name }}")
    return Parts(
        subject=t("Thank you for sending a friend"),
        heading=either("first_name", named, t("Thank you!")),
        body=t("Somebody has ordered with the code that you passed on. This one is for you:"),
        button=t("Use the code"),
        footer=t("You get this message because you passed on a code of ours, and agreed to news from us."),
    )


def _shown(shop: Shop, order_id: int | None, voice: str, draft: Parts | None) -> Mail | None:
    whole = sample.shown(shop, order_id)
    if whole is None:
        return None
    terms = friends.of(shop)
    examples = {one.name: one.example for one in VARIABLES} | {
        "first_name": whole.order.person["first_name"],
        "shop": shop.name or shop.domain,
        "percent": str(terms.reward),
        "until": speak(voice).day(clock.now() + timedelta(days=terms.days), zone(shop.timezone)),
    }
    return write(shop, whole.order, examples, voice, draft)


def _is_on(shop: Shop) -> bool:
    return friends.of(shop).since is not None


declare(Template(rewarding.TEMPLATE, VARIABLES, _ours, _shown, is_sent=_is_on))
