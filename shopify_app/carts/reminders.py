"""Look when the time has come, write what is to be sent or why not, and follow what came of it."""

from datetime import timedelta

import structlog
from sqlalchemy import exists, func, select

from shopify_app import clock, faults, secrets, work
from shopify_app.carts import decisions, settings, timer
from shopify_app.carts.decisions import Facts
from shopify_app.carts.last_look import NOTHING, Seen
from shopify_app.carts.models import EXHAUSTED, OPTED_OUT, RECOVERED, SUPPRESSED, Cart, Reminder
from shopify_app.carts.settings import Settings
from shopify_app.db import db, transaction
from shopify_app.mail import outbox
from shopify_app.mail.models import Message
from shopify_app.orders.models import Order
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop

log = structlog.get_logger()

TEMPLATE = "carts/reminder"
OUTCOME = timedelta(seconds=30)
"""Until the first look at what came of a message; a waiting one is looked at when it is due."""
RUN = timedelta(hours=1)
"""Of which the merchant's cap speaks."""
OPTED = frozenset({decisions.UNSUBSCRIBED, "refused_asked", "refused_complained"})
"""Reasons that are the person's own wish."""


def look(limit: int = 50) -> int:
    """Claim the reminders that are due and go on with them; returns how many were claimed."""
    rows = work.claim(Reminder, limit)
    faults.point("reminders_claimed")
    for reminder in rows:
        try:
            with transaction():
                _look(reminder)
            faults.point("reminder_decided")
        except work.LostLease:
            log.info("reminder_moved", reminder=reminder.id)
    return len(rows)


def _look(reminder: Reminder) -> None:
    shop = shops.get(reminder.shop_id)
    chosen = settings.of(shop)
    if chosen.since is None or not shop.is_installed:
        work.finish(reminder, SUPPRESSED, reason="switched_off")
    elif reminder.asked_at is not None:
        _follow(reminder, shop, chosen)
    elif reminder.step >= chosen.steps:
        work.finish(reminder, EXHAUSTED)
    else:
        _decide(reminder, shop, chosen)


def _decide(reminder: Reminder, shop: Shop, chosen: Settings) -> None:
    """By what our own tables know; Shopify is asked when the message goes out."""
    cart = db.session.get(Cart, (shop.id, reminder.token))
    found = facts(shop, cart, reminder, chosen) if cart else None
    decision = decisions.decide(found) if found else "gone"
    if found and decision == decisions.NOT_YET:
        work.again(reminder, found.last_activity + found.delay)
    elif cart is None or found is None or decision not in (decisions.GO, decisions.HELD_OUT):
        _end(reminder, shop, cart, decision)
    elif _written(shop) >= chosen.cap:
        work.again(reminder, clock.now() + RUN)
    else:
        _write(shop, cart, key(reminder))
        work.again(reminder, clock.now() + OUTCOME, asked_at=clock.now(), tries=0)


def _end(reminder: Reminder, shop: Shop, cart: Cart | None, reason: str) -> None:
    """The merchant sees why there is none."""
    if cart is not None:
        _write(shop, cart, key(reminder), skip=reason)
    work.finish(reminder, SUPPRESSED, reason=reason)


def _write(shop: Shop, cart: Cart, name: str, skip: str | None = None) -> None:
    outbox.write(shop, TEMPLATE, name, skip=skip, to=cart.person["email"], customer_id=cart.customer_id)


def _written(shop: Shop) -> int:
    """Messages of the last hour, those that did not go out left aside."""
    recent = (Message.shop_id == shop.id, Message.created_at > clock.now() - RUN, Message.template == TEMPLATE)
    counted = select(func.count()).select_from(Message).where(*recent, Message.result.is_distinct_from("skipped"))
    return db.session.scalar(counted) or 0


def key(reminder: Reminder) -> str:
    return f"cart/{reminder.id}/{reminder.step}.{reminder.round}"


def of_key(shop: Shop, name: str) -> tuple[Reminder | None, int]:
    """The reminder that a message is of, and at which step."""
    _, number, place = name.split("/")
    found = select(Reminder).where(Reminder.shop_id == shop.id, Reminder.id == int(number))
    return db.session.scalar(found), int(place.partition(".")[0])


def _follow(reminder: Reminder, shop: Shop, chosen: Settings) -> None:
    """What came of the message that it asked for."""
    message = outbox.keyed(shop, key(reminder))
    if message is None:
        work.finish(reminder, SUPPRESSED, reason="gone")
    elif message.done_at is None:
        work.again(reminder, max(message.due_at, clock.now() + OUTCOME))
    elif message.result == "skipped":
        result = OPTED_OUT if message.reason in OPTED else SUPPRESSED
        work.finish(reminder, result, reason=message.reason)
    elif message.result not in ("sent", "unknown"):
        work.finish(reminder, SUPPRESSED, reason="failed")
    elif reminder.bought_at and reminder.bought_at >= message.done_at:
        work.finish(reminder, RECOVERED, sent_at=message.done_at, step=reminder.step + 1)
    else:
        step = reminder.step + 1
        later = reminder.active_at + chosen.delays[step] if step < chosen.steps else message.done_at + timer.COUNTS
        work.again(reminder, later, step=step, sent_at=message.done_at, asked_at=None, tries=0)


def facts(
    shop: Shop, cart: Cart, reminder: Reminder, chosen: Settings, seen: Seen = NOTHING, step: int | None = None
) -> Facts:
    """What is known at this moment. step: of the message; None: the reminder's next."""
    return Facts(
        now=clock.now(),
        began_at=cart.began_at or cart.updated_at,
        last_activity=max(cart.updated_at, seen.active_at or cart.updated_at),
        delay=chosen.delays[reminder.step if step is None else step],
        since=chosen.since or clock.now(),
        has_email=bool(cart.person["email"]),
        pieces=sum(item["quantity"] for item in cart.items),
        total=cart.total,
        is_online_store=cart.source in (None, "web"),
        is_completed=cart.completed_at is not None or seen.is_completed,
        has_bought=_has_bought(shop, cart) or seen.has_bought,
        is_superseded=_is_superseded(shop, cart),
        is_held_out=is_held_out(shop, cart.email_index, chosen.holdout),
        is_there=seen.is_there,
        is_available=seen.is_available,
        shopify_wrote=seen.shopify_wrote,
        is_unsubscribed=seen.is_unsubscribed,
    )


def _has_bought(shop: Shop, cart: Cart) -> bool:
    """Any order counts, a cancelled one too: whoever just went through that wants no reminder."""
    began_at = cart.began_at or cart.updated_at
    theirs = (Order.shop_id == shop.id, Order.placed_at >= began_at, timer.same_person(Order, cart))
    return bool(db.session.scalar(select(exists().where(*theirs))))


def _is_superseded(shop: Shop, cart: Cart) -> bool:
    newer = (Cart.updated_at > cart.updated_at) | ((Cart.updated_at == cart.updated_at) & (Cart.token > cart.token))
    theirs = (Cart.shop_id == shop.id, Cart.token != cart.token, newer, timer.same_person(Cart, cart))
    return bool(db.session.scalar(select(exists().where(*theirs))))


def is_held_out(shop: Shop, email_index: bytes | None, percent: int) -> bool:
    """By a keyed hash of the person: the same for every cart of theirs, and nobody can guess it. Whoever is held out at
    a smaller share is so at a larger one too.
    """
    if email_index is None:
        return False
    drawn = int.from_bytes(secrets.index(shop.id, "holdout", email_index.hex())[:8])
    return drawn * 100 < percent << 64
