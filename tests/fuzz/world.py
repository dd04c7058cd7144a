"""The app in this process with two installed shops, a mail server that takes everything, and a Shopify that refuses."""

import threading
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from flask import Flask, current_app
from sqlalchemy import delete, select

from devstore import signing
from jobs import mail, sync, webhooks
from shopify_app import clock, config, create_app
from shopify_app.db import db, transaction
from shopify_app.mail.models import Message
from shopify_app.orders import links
from shopify_app.orders.models import Order
from shopify_app.privacy.models import Mark
from shopify_app.shopify.models import Shop
from shopify_app.webhooks.models import Webhook
from tests.faults import ground
from tests.faults.sink import Sink
from tests.fuzz import stock
from tests.fuzz.stock import LUMEN, SECOND

OLD_SECRET = "the-secret-of-before-the-rotation"


class Refuser(BaseHTTPRequestHandler):
    """Shopify, as far as it says no to everything."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b'{"error": "invalid_subject_token"}'
        self.send_response(400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@dataclass
class World:
    app: Flask
    sink: Sink
    shopify: ThreadingHTTPServer
    own_customers: dict[int, int] = field(default_factory=dict)
    """Order → its buyer."""
    own_orders: list[int] = field(default_factory=list)
    """Of the first shop, mutated ones among them."""
    other_orders: list[int] = field(default_factory=list)
    other_rows: list[int] = field(default_factory=list)
    """Ids of the second shop's webhooks and messages."""
    own_links: list[str] = field(default_factory=list)
    other_links: list[str] = field(default_factory=list)

    def close(self) -> None:
        self.shopify.shutdown()
        self.shopify.server_close()
        self.sink.close()
        self.app.extensions["intake"].close()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def work(self) -> None:
        """Whatever is due on every queue, by the app's own jobs."""
        with self.app.app_context():
            for job in (webhooks, mail, sync):
                job.drain()
            db.session.remove()

    def mend(self) -> None:
        """Both shops are installed and known by name, whatever the last calls did to the first one."""
        with self.app.app_context():
            for domain in (LUMEN, SECOND):
                _install(domain)
            with transaction():  # or nothing that is told of erased persons would reach the inside any more
                db.session.execute(delete(Mark))
            own, other = (db.session.scalars(select(Shop).where(Shop.domain == d)).one() for d in (LUMEN, SECOND))
            self.own_orders, self.other_orders = _order_ids(own), _order_ids(other)
            self.own_links = [links.token(own, number) for number in self.own_orders[-50:]]
            self.other_links = [links.token(other, number) for number in self.other_orders]
            self.own_customers = _buyers(own)
            rows = select(Webhook.id).where(Webhook.shop_domain == SECOND)
            self.other_rows = list(db.session.scalars(rows.limit(20)))
            db.session.remove()

    def results(self) -> Counter[str]:
        """What became of the webhooks and messages, by result and error."""
        with self.app.app_context(), db.engine.connect() as connection:
            rows = [
                (model.__tablename__, *row)
                for model in (Webhook, Message)
                for row in connection.execute(select(model.result, model.error))
            ]
        return Counter(" ".join(filter(None, row)) for row in rows)

    def undone(self) -> int:
        """Webhooks that are still to be worked through."""
        with self.app.app_context(), db.engine.connect() as connection:
            return len(connection.execute(select(Webhook.id).where(Webhook.done_at.is_(None))).all())

    def digest(self) -> dict[str, list[str]]:
        """Every row of the second shop as the database holds it, but for what it still wants to read from Shopify."""
        with self.app.app_context(), db.engine.connect() as connection:
            shop_id = connection.execute(select(Shop.id).where(Shop.domain == SECOND)).scalar_one()
            found = {}
            for name, table in db.metadata.tables.items():
                if name != "syncs" and ("shop_id" in table.c or "shop_domain" in table.c):
                    mine = table.c.shop_id == shop_id if "shop_id" in table.c else table.c.shop_domain == SECOND
                    found[name] = sorted(repr(tuple(row)) for row in connection.execute(select(table).where(mine)))
            return found


def build(database_url: str) -> World:
    """`database_url` has the tables and the first shop: see `ground`."""
    sink, shopify = Sink(keyed=False), ThreadingHTTPServer(("127.0.0.1", 0), Refuser)
    threading.Thread(target=shopify.serve_forever, daemon=True).start()
    env = ground.settings(database_url) | {
        "SMTP_URL": sink.open(),
        "SHOPIFY_SHOP_URL": f"http://127.0.0.1:{shopify.server_port}/{{shop}}",
        "SHOPIFY_API_SECRET_OLD": OLD_SECRET,
        "LOOKUP_LIMITS": "1000000 per hour;1000000 per hour;1000000 per hour",
        "WEBHOOK_LIMIT_BYTES": "1000000",
        "LOG_LEVEL": "CRITICAL",
    }
    world = World(create_app(config.read(env)), sink, shopify)
    world.mend()
    for domain, told in ((LUMEN, stock.lumen()), (SECOND, stock.second())):
        for topic, body in told:
            if topic not in ("customers/redact", "orders/delete"):
                _tell(world.app, domain, topic, body)
    world.work()
    world.mend()
    if not world.own_customers or not world.other_orders:
        raise AssertionError("there is nothing to look at")
    return world


def _tell(app: Flask, domain: str, topic: str, body: bytes) -> None:
    headers = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": domain,
        "X-Shopify-Webhook-Id": str(uuid.uuid4()),
        "X-Shopify-Triggered-At": clock.now().isoformat(),
        "X-Shopify-Hmac-Sha256": signing.webhook(ground.SECRET, body),
    }
    if app.test_client().post("/webhooks", data=body, headers=headers).status_code != 200:
        raise AssertionError(f"{topic} was not taken")


def _install(domain: str) -> None:
    shop = db.session.scalar(select(Shop).where(Shop.domain == domain)) or Shop(domain=domain, settings={})
    later = clock.now() + timedelta(days=60)
    with transaction():
        shop.installed_at = shop.installed_at or clock.now()
        shop.greeted_at = shop.greeted_at or clock.now()
        shop.scopes = ",".join(sorted(current_app.extensions["scopes"].split(",")))
        shop.settings = shop.settings | {"confirmations": True}
        shop.access_token, shop.access_expires_at = f"token of {domain}", later
        shop.refresh_token, shop.refresh_expires_at = f"refresh of {domain}", later
        db.session.add(shop)


def _buyers(shop: Shop) -> dict[int, int]:
    known = select(Order.id, Order.customer_id).where(Order.shop_id == shop.id, Order.customer_id.is_not(None))
    rows = db.session.execute(known.order_by(Order.seen_at.desc()).limit(50)).all()
    return {row.id: row.customer_id for row in rows}


def _order_ids(shop: Shop) -> list[int]:
    return list(db.session.scalars(select(Order.id).where(Order.shop_id == shop.id).order_by(Order.seen_at)))
