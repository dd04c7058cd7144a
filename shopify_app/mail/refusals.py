"""Who is not to be written to about what: those who said so themselves, whose address takes no mail, who complained.
It outlives the person's erasure, as a keyed hash that nobody can turn back: whoever was forgotten is not written to
again.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select

from shopify_app import clock, secrets
from shopify_app.addresses import email_key
from shopify_app.db import db, upsert
from shopify_app.mail.models import Lifted, Refusal
from shopify_app.shopify.models import Shop

TOPICS = ("parcels", "marketing")
"""What can be refused. Answers to what a person asked for cannot."""
ASKED, BOUNCED, COMPLAINED = "asked", "bounced", "complained"


def stands(shop: Shop, email: str, topic: str) -> bool:
    """`email`: in any form. Whether nothing on this topic may be written to it."""
    return why(shop, email, topic) is not None


def why(shop: Shop, email: str, topic: str) -> str | None:
    """asked, bounced or complained; None: nothing stands against it."""
    found = db.session.get(Refusal, (shop.id, mark(shop, email), topic))
    return found.reason if found else None


def of(shop: Shop, email: str) -> Sequence[Refusal]:
    """All that stands, topic by topic."""
    return of_mark(shop, mark(shop, email))


def of_mark(shop: Shop, person: bytes) -> Sequence[Refusal]:
    found = select(Refusal).where(Refusal.shop_id == shop.id, Refusal.mark == person)
    return db.session.scalars(found.order_by(Refusal.topic)).all()


def refuse(shop: Shop, person: bytes, topics: Iterable[str], reason: str = ASKED) -> None:
    """From now on; what stands already keeps its date and reason. Inside a transaction.

    person: a mark, as it stands in a link (links.py); `mark` makes it of an address.
    """
    row = {"shop_id": shop.id, "mark": person, "reason": reason, "refused_at": clock.now()}
    upsert(Refusal, [row | {"topic": topic} for topic in topics], ("shop_id", "mark", "topic"), keep=True)


def take_back(shop: Shop, person: bytes, topics: Iterable[str]) -> None:
    """By the person: what they refused themselves. A bounce or a complaint stays. Inside a transaction."""
    own = (Refusal.shop_id == shop.id, Refusal.mark == person, Refusal.reason == ASKED)
    db.session.execute(delete(Refusal).where(*own, Refusal.topic.in_(list(topics))))


def lift(shop: Shop, person: bytes, by: str) -> bool:
    """By staff, who know that the address takes mail again: bounces alone, and who did it is written down. False where
    there is none. Inside a transaction.
    """
    bounced = [one for one in of_mark(shop, person) if one.reason == BOUNCED]
    for one in bounced:
        told = {"topic": one.topic, "reason": one.reason, "refused_at": one.refused_at}
        db.session.add(Lifted(shop_id=shop.id, mark=person, lifted_at=clock.now(), lifted_by=by, **told))
        db.session.delete(one)
    return bool(bounced)


def lifted(shop: Shop, person: bytes) -> Sequence[Lifted]:
    """What staff took back, the newest first."""
    found = select(Lifted).where(Lifted.shop_id == shop.id, Lifted.mark == person)
    return db.session.scalars(found.order_by(Lifted.lifted_at.desc(), Lifted.id.desc())).all()


def mark(shop: Shop, email: str) -> bytes:
    """The keyed hash by which a person stands in this list and in no other table."""
    return secrets.index(shop.id, "refusal", email_key(email))
