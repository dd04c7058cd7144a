"""The timer of an abandoned cart, which is ours: Shopify tells no abandonment, only what happens to a checkout."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select

from shopify_app import clock
from shopify_app.carts import decisions, settings
from shopify_app.carts.models import OPTED_OUT, RECOVERED, SUPPRESSED, Reminder
from shopify_app.db import db, upsert
from shopify_app.orders import read
from shopify_app.orders.models import Order
from shopify_app.shopify.models import Shop

COUNTS = timedelta(days=7)
"""An order so long after chance decided, or a message went out, counts as its effect."""
WHOSE = ("email_index", "phone_index", "customer_id")
"""Columns that a cart, its reminder and an order share: any one of them says that it is the same person."""


def moved(shop: Shop, cart: Mapping[str, Any]) -> None:
    """The buyer did something at the checkout. What had happened before reminders were switched on, or too long ago to
    be written about, never gets a timer. cart: the row that was just written.
    """
    chosen = settings.of(shop)
    activity: datetime = cart["updated_at"]
    if chosen.since is None or activity < chosen.since:
        return
    if cart["completed_at"] or clock.now() > activity + chosen.delays[0] + decisions.OLD:
        return
    due_at = activity + chosen.delays[0]
    row = {"shop_id": shop.id, "token": cart["token"], "began_at": clock.now(), "active_at": activity, "due_at": due_at}
    row |= {"step": 0, "round": 0, "tries": 0} | {name: cart[name] for name in WHOSE}
    if not upsert(Reminder, [row], ("shop_id", "token"), keep=True):
        _move(shop, cart, chosen)


def _move(shop: Shop, cart: Mapping[str, Any], chosen: settings.Settings) -> None:
    """A message that was asked for is left to its own last look. Whoever has the timer in hand right now loses it."""
    one = select(Reminder).where(Reminder.shop_id == shop.id, Reminder.token == cart["token"])
    reminder = db.session.scalars(one.with_for_update().execution_options(populate_existing=True)).one()
    if cart["updated_at"] <= reminder.active_at:
        return
    reminder.active_at = cart["updated_at"]
    for name in WHOSE:
        setattr(reminder, name, cart[name])
    if reminder.result == SUPPRESSED and reminder.reason in decisions.PASSING:
        reminder.done_at = reminder.result = reminder.reason = reminder.asked_at = None
        reminder.round += 1
    if reminder.done_at is None and reminder.asked_at is None and reminder.step < len(chosen.delays):
        reminder.owner, reminder.tries = None, 0
        reminder.due_at = cart["updated_at"] + chosen.delays[reminder.step]


def bought(shop: Shop, order_id: int, checkout_token: str | None) -> None:
    """An order came. A checkout that simply became one was never abandoned."""
    if settings.SETTING not in shop.settings:
        return
    if checkout_token:
        own = delete(Reminder).where(Reminder.shop_id == shop.id, Reminder.token == checkout_token)
        db.session.execute(own.where(Reminder.step == 0, Reminder.asked_at.is_(None), Reminder.assigned_at.is_(None)))
    order = read.get(shop, order_id)
    if order is None or order.cancelled_at is not None:
        return
    same = [Reminder.token == checkout_token] if checkout_token else []
    found = db.session.scalars(
        select(Reminder).where(
            Reminder.shop_id == shop.id,
            Reminder.bought_at.is_(None),
            Reminder.assigned_at > order.placed_at - COUNTS,
            Reminder.assigned_at <= order.placed_at,
            or_(*same, whose(order)),
        )
    )
    for reminder in found.all():
        _won(reminder, order)


def _won(reminder: Reminder, order: Order) -> None:
    reminder.order_id, reminder.bought_at = order.id, order.placed_at
    if reminder.sent_at is not None and reminder.result != OPTED_OUT:
        reminder.done_at, reminder.owner = clock.now(), None
        reminder.result, reminder.reason = RECOVERED, None


def whose(row: Any) -> ColumnElement[bool]:
    """Reminders of whoever a cart or an order is from; never true where nothing is known of them."""
    return same_person(Reminder, row)


def same_person(model: Any, row: Any) -> ColumnElement[bool]:
    """Rows of `model` that share an e-mail, a phone or an account with `row`."""
    known = [getattr(model, name) == getattr(row, name) for name in WHOSE if getattr(row, name) is not None]
    return or_(*known) if known else model.shop_id.is_(None)
