"""The reminder of a cart: a last look at the shop itself, then what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sqlalchemy import update

from shopify_app import clock
from shopify_app.addresses import picture
from shopify_app.carts import codes, decisions, last_look, reminders, settings
from shopify_app.carts.decisions import Facts
from shopify_app.carts.last_look import Seen
from shopify_app.carts.models import Cart, Reminder
from shopify_app.codes.models import Code
from shopify_app.db import db, transaction
from shopify_app.language import Language, speak, words, zone
from shopify_app.mail import letters, outbox
from shopify_app.mail.models import Basis, Message, Purpose
from shopify_app.mail.outbox import Mail, Reader, Skip, Wait
from shopify_app.orders.models import Product
from shopify_app.shopify.errors import ShopifyError, Throttled
from shopify_app.shopify.models import Shop

SUBJECTS = (words("You left something in your cart"), words("Your cart is still here"))
"""Of the first message, and of the later ones."""
OBSTACLES: Mapping[str, str] = {
    "payment": words("Your payment did not go through. You can try again, or pay in another way."),
    "no_rate": words("We found no way to deliver to your address. Just answer this message, and we will look for one."),
}
SILENT = timedelta(minutes=10)
"""Until the shop is asked again that did not answer."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the message."""

    title: str
    variant_title: str | None
    quantity: int
    sum: str
    picture: str | None
    is_gone: bool


@outbox.renders(reminders.TEMPLATE, Purpose.MARKETING, (Basis.CONSENT, Basis.CUSTOMER))
def reminder(shop: Shop, message: Message) -> Mail | Skip | Wait:
    """What is true at this moment."""
    found, step = reminders.of_key(shop, message.key)
    cart = db.session.get(Cart, (shop.id, found.token)) if found else None
    chosen = settings.of(shop)
    if chosen.since is None or step >= chosen.steps or not shop.is_installed:
        return Skip("switched_off")
    if found is None or cart is None:
        return Skip("gone")
    try:
        return _last_word(shop, cart, found, step)
    except ShopifyError as error:
        return _silent(error)


def _last_word(shop: Shop, cart: Cart, found: Reminder, step: int) -> Mail | Skip | Wait:
    """Our own tables, then Shopify; chance comes when the budget has agreed. Raises one of the ShopifyError family."""
    chosen, seen = settings.of(shop), last_look.NOTHING
    if verdict := _against(reminders.facts(shop, cart, found, chosen, seen, step)):
        return verdict
    seen = last_look.look(shop, cart)
    facts = reminders.facts(shop, cart, found, chosen, seen, step)
    if verdict := _against(facts):
        return verdict
    mail = replace(
        write(shop, cart, seen, step, None),
        reader=_reader(cart),
        expires_at=facts.last_activity + facts.delay + decisions.OLD,
    )
    return replace(mail, last=lambda: _chance(shop, cart, found, seen, mail, step))


def _chance(shop: Shop, cart: Cart, found: Reminder, seen: Seen, mail: Mail, step: int) -> Mail | Skip | Wait:
    """The budget has agreed: whoever is held out would have got the message, and nobody gets a code without one."""
    chosen = settings.of(shop)
    is_held_out = reminders.is_held_out(shop, cart.email_index, chosen.holdout)
    _assign(found, is_held_out=is_held_out)
    if is_held_out:
        return Skip(decisions.HELD_OUT)
    try:
        code = codes.of(shop, found, chosen) if step == chosen.steps - 1 else None
    except ShopifyError as error:
        return _silent(error)
    if code is None:
        return mail
    return replace(write(shop, cart, seen, step, code), reader=mail.reader, expires_at=mail.expires_at)


def _silent(error: ShopifyError) -> Wait:
    """A shop that does not answer is asked again until the message is too old."""
    pause = timedelta(seconds=error.wait) if isinstance(error, Throttled) else SILENT
    return Wait(clock.now() + pause, "shop_silent")


def _against(facts: Facts) -> Skip | Wait | None:
    """Whatever but chance speaks against it."""
    decision = decisions.decide(facts)
    if decision == decisions.NOT_YET:
        return Wait(facts.last_activity + facts.delay, decision)
    return None if decision in (decisions.GO, decisions.HELD_OUT) else Skip(decision)


def _assign(reminder: Reminder, *, is_held_out: bool) -> None:
    """Once: with the first message, also when it is written anew."""
    first = update(Reminder).where(Reminder.id == reminder.id, Reminder.assigned_at.is_(None))
    with transaction():
        db.session.execute(first.values(assigned_at=clock.now(), is_held_out=is_held_out))


def _reader(cart: Cart) -> Reader:
    """agreed_at: nobody tells when the box was ticked, so it counts from the last news of the checkout."""
    agreed_at = cart.updated_at if cart.accepts_marketing else None
    return Reader(cart.customer_id, cart.country, zone(cart.zone) if cart.zone else UTC, agreed_at)


def write(shop: Shop, cart: Cart, seen: Seen, step: int, code: Code | None) -> Mail:
    locale = shop.voice(cart.person["locale"] or shop.locale)
    language = speak(locale)
    items = _items(shop, cart, seen, language)
    return letters.write(
        "carts/mail/reminder",
        locale,
        to=cart.person["email"],
        subject=language.t(SUBJECTS[min(step, 1)]),
        shop=shop,
        name=cart.person.get("first_name"),
        items=items,
        told=_told(cart, items, language),
        offer=_offer(shop, code, language),
        button=_address(seen.url or cart.person["url"], code),
    )


def _items(shop: Shop, cart: Cart, seen: Seen, language: Language) -> list[Item]:
    return [
        Item(
            title=item["title"],
            variant_title=item["variant_title"],
            quantity=item["quantity"],
            sum=language.money(item["price"] * item["quantity"], cart.currency or shop.currency),
            picture=picture(seen.pictures.get(item["variant_id"]) or _mirrored(shop, item["product_id"]), 128),
            is_gone=item["variant_id"] in seen.gone,
        )
        for item in cart.items
    ]


def _mirrored(shop: Shop, product_id: int | None) -> str | None:
    product = db.session.get(Product, (shop.id, product_id)) if product_id else None
    return product.image_url if product else None


def _told(cart: Cart, items: Sequence[Item], language: Language) -> list[str]:
    """What stood in the way, as far as anybody knows."""
    told = [language.t(OBSTACLES[cart.obstacle])] if cart.obstacle else []
    if gone := [item.title for item in items if item.is_gone]:
        told.append(language.t("No longer available: {items}.", items=language.listed(gone)))
    return told


def _offer(shop: Shop, code: Code | None, language: Language) -> str | None:
    if code is None:
        return None
    return language.t(
        "With the code {code} you pay {percent} % less. It is good for one order until {day}. The button fills it in.",
        code=code.code,
        percent=code.percent,
        day=language.day(code.ends_at, zone(shop.timezone)) if code.ends_at else "",
    )


def _address(url: str, code: Code | None) -> str:
    """Shopify's own address of the checkout; `discount` fills a code in."""
    if code is None:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), ("discount", code.code)])))
