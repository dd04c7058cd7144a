"""Which reminders of carts are to come for a person: the workers' decision, asked for the time of each message."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import or_, select

from shopify_app import clock
from shopify_app.carts import decisions, messages, reminders, settings
from shopify_app.carts.last_look import NOTHING
from shopify_app.carts.letter import STEPS
from shopify_app.carts.models import Cart, Reminder
from shopify_app.db import db
from shopify_app.mail import coming
from shopify_app.mail.coming import Person, Plan
from shopify_app.shopify.models import Shop


@coming.tells
def plans(shop: Shop, person: Person) -> Iterator[Plan]:
    if settings.of(shop).since is None:
        return
    theirs = [
        *([Reminder.email_index.in_(person.email_indexes)] if person.email_indexes else ()),
        *([Reminder.customer_id.in_(person.customer_ids)] if person.customer_ids else ()),
    ]
    if not theirs:
        return
    found = select(Reminder).where(Reminder.shop_id == shop.id, Reminder.done_at.is_(None), or_(*theirs))
    for reminder in db.session.scalars(found.order_by(Reminder.due_at)).all():
        cart = db.session.get(Cart, (shop.id, reminder.token))
        if cart is not None:
            yield from _of_cart(shop, cart, reminder)


def _of_cart(shop: Shop, cart: Cart, reminder: Reminder) -> Iterator[Plan]:
    """A message that is written already stands among those that wait, and is not told twice."""
    chosen = settings.of(shop)
    first = reminder.step + (reminder.asked_at is not None)
    reader = messages.reader(shop, cart, NOTHING)
    for step in range(first, chosen.steps):
        name = f"carts/{STEPS[min(step, 1)]}"
        known = reminders.facts(shop, cart, reminder, chosen, step=step)
        at = max(known.last_activity + known.delay, clock.now())
        decision = decisions.decide(replace(known, now=at))
        if decision != decisions.GO:
            yield Plan(name, decision, at, is_coming=False)
            return
        expires_at = known.last_activity + known.delay + decisions.OLD
        yield Plan(name, "cart_left", at, reader=reader, expires_at=expires_at)
