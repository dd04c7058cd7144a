"""A discount code of a reminder's own: good once, for some days, and never made twice."""

import base64
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select

from shopify_app import clock, faults, secrets
from shopify_app.carts import timer
from shopify_app.carts.models import CartCode, Reminder
from shopify_app.carts.settings import Settings
from shopify_app.db import db, transaction
from shopify_app.language import speak
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.errors import Refused
from shopify_app.shopify.models import Shop

SCOPE = "write_discounts"
ONCE_IN = timedelta(days=90)
"""A person gets at most one code in this time, and none who leaves carts again and again."""
BUDGET = timedelta(days=30)
"""Of which the merchant's number of codes speaks."""


def of(shop: Shop, reminder: Reminder, chosen: Settings) -> CartCode | None:
    """The reminder's code, made at Shopify if it is not there yet; None where there is to be none.

    Raises one of the ShopifyError family: then nobody knows whether it was made, and the next call finds out.
    """
    code = db.session.get(CartCode, (shop.id, reminder.id))
    is_new = code is None
    if code is None:
        code = _intend(shop, reminder, chosen)
        faults.point("code_intended")
    if code is None or code.error:
        return None
    if code.made_at is None and not _make(shop, code, is_new=is_new):
        return None
    return code if code.ends_at > clock.now() else None


def _intend(shop: Shop, reminder: Reminder, chosen: Settings) -> CartCode | None:
    """Under the shop's lock, so that two workers together keep to the budget."""
    with transaction():
        db.session.execute(select(Shop.id).where(Shop.id == shop.id).with_for_update())
        if not chosen.percent or not may_make(shop) or _is_refused(shop, reminder, chosen.budget):
            return None
        now = clock.now()
        row = {"shop_id": shop.id, "reminder_id": reminder.id, "email_index": reminder.email_index}
        code = CartCode(**row, percent=chosen.percent, created_at=now, ends_at=now + timedelta(days=chosen.days))
        code.code = _text(shop, reminder)
        db.session.add(code)
    return code


def may_make(shop: Shop) -> bool:
    """Whether the shop has allowed us to make discounts."""
    return SCOPE in shop.scopes.split(",")


def _is_refused(shop: Shop, reminder: Reminder, budget: int) -> bool:
    """The budget is spent, or the person left another cart not long ago: waiting for codes must not pay."""
    now = clock.now()
    spent = select(func.count()).where(CartCode.shop_id == shop.id, CartCode.created_at > now - BUDGET)
    others = (Reminder.shop_id == shop.id, Reminder.id != reminder.id, Reminder.assigned_at > now - ONCE_IN)
    is_repeat = select(exists().where(*others, timer.whose(reminder)))
    theirs = (CartCode.shop_id == shop.id, CartCode.email_index == reminder.email_index)
    had_one = select(exists().where(*theirs, CartCode.created_at > now - ONCE_IN))
    if (db.session.scalar(spent) or 0) >= budget:
        return True
    return bool(db.session.scalar(is_repeat) or db.session.scalar(had_one))


def _make(shop: Shop, code: CartCode, *, is_new: bool) -> bool:
    """Whether Shopify has it now. After a try whose answer never came, it is looked for first."""
    if is_new or not _exists(shop, code):
        try:
            AdminApi(shop).run("carts/make_code", discount=_input(shop, code))
            faults.point("code_made")
        except Refused as error:
            # Somebody else who took over may have been faster.
            if not _exists(shop, code):
                _write(code, error=str(error).partition(": ")[2][:200])
                return False
    _write(code, made_at=clock.now())
    return True


def _exists(shop: Shop, code: CartCode) -> bool:
    return AdminApi(shop).run("carts/code", code=code.code)["codeDiscountNodeByCode"] is not None


def _write(code: CartCode, *, made_at: datetime | None = None, error: str | None = None) -> None:
    with transaction():
        code.made_at, code.error = made_at, error
        db.session.add(code)


def _text(shop: Shop, reminder: Reminder) -> str:
    """Nobody guesses it, and a second thought about the same reminder comes to the same one."""
    drawn = base64.b32encode(secrets.index(shop.id, "cart code", reminder.id))[:10].decode()
    return f"BACK-{drawn[:5]}-{drawn[5:]}"


def _input(shop: Shop, code: CartCode) -> dict[str, object]:
    return {
        "title": speak(shop.locale).t("Reminder of a cart: {code}", code=code.code),
        "code": code.code,
        "startsAt": code.created_at.isoformat(),
        "endsAt": code.ends_at.isoformat(),
        "context": {"all": "ALL"},
        "customerGets": {"value": {"percentage": code.percent / 100}, "items": {"all": True}},
        "appliesOncePerCustomer": True,
        "usageLimit": 1,
        "combinesWith": {"shippingDiscounts": True},
    }
