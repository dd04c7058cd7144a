"""What a request leaves behind in the database with everything that happens to it: a line of its log, a thing to do at
Shopify, a message. Called inside a transaction.
"""

from datetime import datetime
from typing import Any

from shopify_app import clock
from shopify_app.db import db, upsert
from shopify_app.mail import outbox
from shopify_app.orders import read
from shopify_app.queue import ring
from shopify_app.returns.models import Entry, Request, Step
from shopify_app.shopify.models import Shop

BUYER, RULE, SHOPIFY, CLOCK = "buyer", "rule", "shopify", "clock"
"""Who does something, beside staff."""
FOR_STAFF = ("staff", "late")
"""Messages that go to the shop itself."""


def write(request: Request, by: str, word: str, **content: Any) -> Entry:
    entry = Entry(
        shop_id=request.shop_id, request_id=request.id, order_id=request.order_id, at=clock.now(), by=by, word=word
    )
    entry.content = content
    db.session.add(entry)
    db.session.flush()
    return entry


def order(
    request: Request, kind: str, by: str, which: str = "", due_at: datetime | None = None, **content: Any
) -> bool:
    """Have something done at Shopify; False when the same was ordered before. `which` tells several of a kind apart."""
    row = {
        "shop_id": request.shop_id,
        "request_id": request.id,
        "order_id": request.order_id,
        "kind": kind,
        "key": "/".join(part for part in (str(request.id), kind, which) if part),
        "by": by,
        "content": content,
        "due_at": due_at or clock.now(),
        "tries": 0,
    }
    is_new = bool(upsert(Step, [row], ("shop_id", "key"), keep=True))
    if is_new and due_at is None:
        ring(Step.queue)
    return is_new


def tell(shop: Shop, request: Request, word: str, which: str = "") -> None:
    """Write a message about the request, once; `which` tells several of a kind apart."""
    key = "/".join(part for part in ("return", str(request.id), word, which) if part)
    order = None if word in FOR_STAFF else read.get(shop, request.order_id)
    outbox.write(shop, f"returns/{word}", key, request.order_id, **read.whose(order))


def move(request: Request, state: str) -> None:
    request.state, request.state_at = state, clock.now()
