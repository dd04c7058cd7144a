"""The reminder of a cart: a last look at the shop itself before it goes out."""

from dataclasses import replace

from sqlalchemy import update

from shopify_app import clock, zones
from shopify_app.carts import codes, decisions, last_look, letter, reminders, settings
from shopify_app.carts.decisions import Facts
from shopify_app.carts.last_look import Seen
from shopify_app.carts.models import Cart, Reminder
from shopify_app.db import db, transaction
from shopify_app.language import zone
from shopify_app.mail import outbox
from shopify_app.mail.models import Basis, Message, Purpose
from shopify_app.mail.outbox import Mail, Reader, Skip, Wait
from shopify_app.shopify.errors import ShopifyError
from shopify_app.shopify.models import Shop


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
        return outbox.silent(error)


def _last_word(shop: Shop, cart: Cart, found: Reminder, step: int) -> Mail | Skip | Wait:
    """Our own tables, then Shopify; chance comes when the budget has agreed. Raises one of the ShopifyError family."""
    chosen, seen = settings.of(shop), last_look.NOTHING
    if verdict := _against(reminders.facts(shop, cart, found, chosen, seen, step)):
        return verdict
    seen = last_look.look(shop, cart)
    facts = reminders.facts(shop, cart, found, chosen, seen, step)
    if verdict := _against(facts):
        return verdict
    expires_at = facts.last_activity + facts.delay + decisions.OLD
    draft = letter.write(shop, cart, seen, step, None)
    mail = replace(draft, reader=reader(shop, cart, seen), expires_at=expires_at)
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
        return outbox.silent(error)
    if code is None:
        return mail
    return replace(letter.write(shop, cart, seen, step, code), reader=mail.reader, expires_at=mail.expires_at)


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


def reader(shop: Shop, cart: Cart, seen: Seen) -> Reader:
    """agreed_at: nobody tells when the box was ticked, so it counts from the last news of the checkout."""
    agreed_at = cart.updated_at if cart.accepts_marketing else None
    country, there = (seen.country, seen.zone) if seen.country else (cart.country, cart.zone)
    return Reader(cart.customer_id, country, zones.home(there, country, zone(shop.timezone)), agreed_at)
