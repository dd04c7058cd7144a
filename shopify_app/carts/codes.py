"""A code in a reminder: for whoever does not leave carts again and again."""

from sqlalchemy import exists, select

from shopify_app import clock
from shopify_app.carts import timer
from shopify_app.carts.models import Reminder
from shopify_app.carts.settings import Settings
from shopify_app.codes import making
from shopify_app.codes.making import ONCE_IN, Wish
from shopify_app.codes.models import CART, Code
from shopify_app.db import db
from shopify_app.shopify.models import Shop


def of(shop: Shop, reminder: Reminder, chosen: Settings) -> Code | None:
    """The reminder's code; None where there is to be none. Raises one of the ShopifyError family."""
    key = f"cart/{reminder.id}"
    if not making.is_there(shop, key) and _is_repeat(shop, reminder):
        return None
    wish = Wish(key, CART, reminder.email_index, chosen.percent, days=chosen.days, budget=chosen.budget)
    found = making.of(shop, wish)
    return found if isinstance(found, Code) else None


def _is_repeat(shop: Shop, reminder: Reminder) -> bool:
    """The person left another cart not long ago: waiting for codes must not pay."""
    recent = Reminder.assigned_at > clock.now() - ONCE_IN
    others = (Reminder.shop_id == shop.id, Reminder.id != reminder.id, recent)
    return bool(db.session.scalar(select(exists().where(*others, timer.whose(reminder)))))
