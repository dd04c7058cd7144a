"""The code that is mailed to an order's address, and proves that its reader is the buyer.

Nothing is stored: the code of an order follows from our key and the time, and is another one every ten minutes. One is
taken for ten to twenty minutes; how often may be tried is counted per order.
"""

import hmac
import unicodedata
from datetime import datetime, timedelta

from shopify_app import clock, secrets
from shopify_app.limits import limits
from shopify_app.mail import outbox
from shopify_app.orders import read
from shopify_app.shopify.models import Shop

WINDOW = timedelta(minutes=10)
DIGITS = 6


def mail(shop: Shop, order_id: int) -> None:
    """The code of this moment to the order's buyer; once, however often it is asked for."""
    whose = read.whose(read.get(shop, order_id))
    outbox.write(shop, "tracking/code", f"code/{order_id}/{_window(clock.now())}", order_id, **whose)


def current(shop: Shop, order_id: int) -> str:
    return _code(shop, order_id, _window(clock.now()))


def is_allowed(shop: Shop, order_id: int) -> bool:
    """Counts one try at this order's code."""
    return limits().allows(limits().code, shop.id, "code", order_id)


def fits(shop: Shop, order_id: int, typed: str) -> bool:
    """Whether it is the code of this moment, or the one before: a mail takes its time."""
    digits = "".join(str(unicodedata.decimal(sign)) for sign in typed if sign.isdecimal())
    now = _window(clock.now())
    return any(hmac.compare_digest(digits, _code(shop, order_id, window)) for window in (now, now - 1))


def _window(moment: datetime) -> int:
    return int(moment.timestamp() // WINDOW.total_seconds())


def _code(shop: Shop, order_id: int, window: int) -> str:
    keyed = int.from_bytes(secrets.index(shop.id, "code", order_id, window))
    return f"{keyed % 10**DIGITS:0{DIGITS}}"
