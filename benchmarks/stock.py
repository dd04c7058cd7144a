"""A shop that has been with us for long, in PostgreSQL: orders, and what comes with them."""

import psycopg
from flask import Flask
from sqlalchemy import Table

from benchmarks import mirror
from shopify_app import clock
from shopify_app.carts.models import Cart
from shopify_app.db import Model, db, transaction
from shopify_app.feedback.models import OPEN, Case
from shopify_app.mail import outbox
from shopify_app.mail.models import Message
from shopify_app.privacy.models import EXPORT, PrivacyRequest
from shopify_app.returns.models import RECEIVED, Item, Request
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from tests.returns import staff
from tests.routes import Values

PER_HUNDRED = {"messages": 200, "carts": 30, "return_requests": 8, "feedback_cases": 1}
"""Rows for each hundred orders; an item with each return."""
MOMENTS = ("created_at", "asked_at", "opened_at", "updated_at", "seen_at", "began_at")
"""Moved into the past row by row, so that no two are of one moment."""


def fill(app: Flask, url: str, orders: int) -> Values:
    """The numbers of one thing of each kind that has a page."""
    with app.app_context():
        shop = _shop()
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            mirror.plant(connection, shop, 1, orders)
            values = _first(shop)
            for model in (Message, Cart, Request, Case):
                _multiply(connection, model, orders * PER_HUNDRED[model.__tablename__] // 100)
            _items(connection)
            connection.execute("VACUUM ANALYZE")
        db.engine.dispose()
    return {("home", "order_id"): orders, ("block", "order_id"): orders} | values


def _shop() -> Shop:
    now = clock.now()
    shop = Shop(domain=mirror.DOMAIN, name="Lumen Goods", installed_at=now, greeted_at=now, currency="EUR")
    shop.timezone, shop.storefront_url = "Europe/Berlin", f"https://{mirror.DOMAIN}"
    with transaction():
        db.session.add(shop)
    return shops.named(mirror.DOMAIN)


def _first(shop: Shop) -> dict[tuple[str, str], int]:
    """One row of each, as the app itself writes it."""
    request = staff.file(shop, order=(1, "#1"))
    with transaction():
        outbox.write(shop, "confirmations/order", "stock/0", 1, to="x@example.com", skip="too_late")
        case = Case(shop_id=shop.id, order_id=1, opened_at=clock.now(), state=OPEN)
        cart = Cart(shop_id=shop.id, token="0", updated_at=clock.now(), seen_at=clock.now(), began_at=clock.now())
        cart.person, cart.currency, cart.total = {"email": "x@example.com"}, "EUR", 8990
        wish = PrivacyRequest(shop_domain=shop.domain, kind=EXPORT, asked_at=clock.now())
        db.session.add_all([case, cart, wish])
        db.session.flush()
        db.session.execute(db.delete(Message).where(Message.key != "stock/0"))  # what the return brought along
    message = outbox.keyed(shop, "stock/0")
    return {
        ("feedback_admin", "case_id"): case.id,
        ("messages", "message_id"): message.id if message else 0,
        ("privacy", "request_id"): wish.id,
        ("returns_review", "request_id"): request,
    }


def _multiply(connection: psycopg.Connection, model: type[Model], count: int) -> None:
    """Copies of the one row that is there, each of another order and an hour older than the one before."""
    table: Table = model.__table__  # type: ignore[assignment]
    kept = [column.name for column in table.columns if column.name != "id"]
    told = ", ".join(_copied(name) for name in kept)
    connection.execute(
        f"INSERT INTO {table.name} ({', '.join(kept)}) SELECT {told} "
        f"FROM {table.name} CROSS JOIN generate_series(2, {count}) AS n"
    )


def _copied(name: str) -> str:
    if name in MOMENTS:
        return f"{name} - n * interval '5 minutes'"
    if name in ("email_index", "reader_mark"):
        return "decode(md5(n::text), 'hex')"
    return {"order_id": "n", "customer_id": "n", "key": "'stock/' || n", "token": "n::text"}.get(name, name)


def _items(connection: psycopg.Connection) -> None:
    """What comes back with each return; one in four has come, and waits for its refund."""
    table: Table = Item.__table__  # type: ignore[assignment]
    kept = [column.name for column in table.columns if column.name != "id"]
    told = ", ".join({"request_id": "r.id", "order_id": "r.order_id"}.get(name, f"i.{name}") for name in kept)
    connection.execute(
        f"INSERT INTO {table.name} ({', '.join(kept)}) SELECT {told} FROM {table.name} AS i "
        "JOIN return_requests AS r ON r.shop_id = i.shop_id AND r.id <> i.request_id"
    )
    connection.execute("UPDATE return_requests SET state = %s, received_at = asked_at WHERE id %% 4 = 0", [RECEIVED])
    connection.execute("UPDATE return_items SET received = quantity WHERE request_id % 4 = 0")
