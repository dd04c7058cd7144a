"""Somebody asks for an order by its number and an e-mail or phone. Whoever cannot prove it learns nothing: the order's
buyer gets a link by mail instead, if there is such an order."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from sqlalchemy import delete

from shopify_app import clock, work
from shopify_app.db import db, transaction
from shopify_app.language import words
from shopify_app.limits import limits, network
from shopify_app.mail import outbox
from shopify_app.orders import facts, read
from shopify_app.queue import ring
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from shopify_app.tracking.models import Lookup, Search
from shopify_app.tracking.unclear import Unclear

log = structlog.get_logger()

LONGEST_NUMBER = 64
LONGEST_CONTACT = 254
"""Characters; the second is what an e-mail address may have (RFC 5321)."""


@dataclass(frozen=True, slots=True)
class Question:
    number: str
    contact: str

    def key(self, shop: Shop) -> str:
        """The e-mail or phone in the form in which it is counted; empty for what is neither."""
        name, sign, domain = self.contact.rpartition("@")
        if sign:
            return facts.email_key(self.contact) if name and domain else ""
        return facts.phone_key(self.contact, shop.country) or ""


def question(shop: Shop, form: Mapping[str, str]) -> Question:
    """What the form asks. Raises Unclear, by what was typed alone."""
    asked = Question(_typed(form.get("number", "")), _typed(form.get("contact", "")))
    if not facts.name_key(asked.number):
        raise Unclear("number", words("Please enter your order number. You find it in your order confirmation."))
    if len(asked.number) > LONGEST_NUMBER or not _is_plain(asked.number):
        raise Unclear("number", words("This does not look like an order number."))
    if not asked.contact:
        raise Unclear("contact", words("Please enter the e-mail address or the phone number of your order."))
    if len(asked.contact) > LONGEST_CONTACT or not _is_plain(asked.contact) or not asked.key(shop):
        raise Unclear("contact", words("This looks neither like an e-mail address nor like a phone number."))
    return asked


def _typed(text: str) -> str:
    """Without what nobody sees: numbers copied from elsewhere come with marks of direction around them."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf").strip()


def _is_plain(text: str) -> bool:
    """Without control characters and other things that no keyboard types."""
    return not any(unicodedata.category(sign).startswith("C") for sign in text)


def is_allowed(shop: Shop, asked: Question, address: str) -> bool:
    """Counts one try of this visitor, at this order and with this e-mail or phone, whatever exists."""
    keys = (("visitor", network(address)), ("order", facts.name_key(asked.number)), ("contact", asked.key(shop)))
    counted = [limits().allows(items, shop.id, *key) for items, key in zip(limits().lookup, keys, strict=True)]
    return all(counted)


def found(shop: Shop, order_id: int) -> None:
    """Counts a look-up that led to an order."""
    with transaction():
        db.session.add(Search(shop_id=shop.id, order_id=order_id, at=clock.now()))


def write(shop: Shop, number: str) -> None:
    """The same small work whether or not there is such an order; a worker looks into it."""
    with transaction():
        db.session.add(Lookup(shop_id=shop.id, number=number))
        db.session.add(Search(shop_id=shop.id, at=clock.now()))
        ring("mail")


def answer(limit: int = 100) -> int:
    """Claim what was written, mail a link to whom the orders belong; returns how many were claimed."""
    rows = work.claim(Lookup, limit)
    for lookup in rows:
        try:
            _answer(lookup)
        except work.LostLease:
            log.warning("lookup_taken_over", lookup=lookup.id)
    return len(rows)


def _answer(lookup: Lookup) -> None:
    shop = shops.get(lookup.shop_id)
    with transaction():
        for order in read.named(shop, lookup.number):
            mail_link(shop, order.id)
        work.finish(lookup, "done")
        db.session.execute(delete(Lookup).where(Lookup.id == lookup.id))


def mail_link(shop: Shop, order_id: int) -> None:
    """A fresh link for the order's buyer, once an hour however often it is asked for."""
    whose = read.whose(read.get(shop, order_id))
    outbox.write(shop, "tracking/link", f"link/{order_id}/{clock.now():%Y%m%d%H}", order_id, **whose)
