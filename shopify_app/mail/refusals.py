"""What a person does not want to be written about. It outlives the person's erasure, as a keyed hash that nobody can
turn back: whoever was forgotten is not written to again.
"""

from sqlalchemy import delete, select

from shopify_app import clock, secrets
from shopify_app.addresses import email_key
from shopify_app.db import db, upsert
from shopify_app.mail.models import Refusal
from shopify_app.shopify.models import Shop

TOPICS = ("parcels",)
"""What can be refused. Answers to what a person asked for cannot."""


def stands(shop: Shop, email: str, topic: str) -> bool:
    """`email`: in any form. Whether the person refused this topic."""
    return db.session.get(Refusal, (shop.id, _mark(shop, email), topic)) is not None


def of(shop: Shop, email: str) -> set[str]:
    """The topics that the person refused."""
    found = select(Refusal.topic).where(Refusal.shop_id == shop.id, Refusal.mark == _mark(shop, email))
    return set(db.session.scalars(found))


def choose(shop: Shop, email: str, wanted: set[str]) -> None:
    """From now on only these topics; inside a transaction."""
    mark = _mark(shop, email)
    db.session.execute(delete(Refusal).where(Refusal.shop_id == shop.id, Refusal.mark == mark))
    rows = [
        {"shop_id": shop.id, "mark": mark, "topic": topic, "refused_at": clock.now()}
        for topic in TOPICS
        if topic not in wanted
    ]
    upsert(Refusal, rows, ("shop_id", "mark", "topic"), keep=True)


def _mark(shop: Shop, email: str) -> bytes:
    return secrets.index(shop.id, "refusal", email_key(email))
