"""What is known about persons, what for, by what right, for how long: written down once, read from the tables.

Every table stands below one purpose, and every encrypted column says what it holds; `tests/privacy/test_datamap.py`
fails for a new one that does not. The page, the notice for buyers, the agreement with the merchant and the chores that
forget all follow this file. Its texts speak to nobody, for buyers read them as well as merchants.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import LargeBinary, Table, select

from shopify_app import periods
from shopify_app.db import db
from shopify_app.language import words
from shopify_app.persons import PARTS
from shopify_app.secrets import Encrypted
from shopify_app.shopify.models import Shop
from shopify_app.work import Chore

CONTRACT, INTEREST = words("Contract (GDPR Art. 6(1)(b))"), words("Legitimate interest (GDPR Art. 6(1)(f))")
CONSENT, DUTY = words("Consent (GDPR Art. 6(1)(a))"), words("Legal duty (GDPR Art. 6(1)(c))")
AS_ORDERS = words("As long as the order: {days} days after its last news")
ORDERS = (
    *("orders", "order_lines", "refunds", "returns", "shipments", "parcel_events", "lookups"),
    *("searches", "syncs", "watches", "inquiries", "promises"),
)
RETURNS = (
    *("return_requests", "return_items", "return_entries", "return_steps", "return_goodwill"),
    *("return_drafts", "return_photos"),
)
FEEDBACK = (
    *("feedback_requests", "feedback_answers", "feedback_cases", "feedback_case_entries"),
    *("reviews", "review_entries", "review_photos"),
)
SHOP = (
    *("shops", "plans", "products", "product_ratings", "return_policies", "templates", "stage_texts", "logos"),
    *("staff", "setting_changes", "milestones"),
)
PERSONS, MESSAGES = "forget old persons", "forget old messages"


@dataclass(frozen=True, slots=True)
class Purpose:
    name: str
    title: str
    why: str
    grounds: Sequence[str]
    how_long: str
    """May have {days}."""
    tables: Sequence[str]
    period: str | None = None
    """One of periods.PERIODS, where it is counted in days that a merchant may shorten."""
    chore: str = PERSONS
    """Whose work the forgetting is, as jobs/schedule.py names it."""
    is_of_buyers: bool = True


PURPOSES = (
    Purpose(
        "orders",
        words("Orders and parcels"),
        words("To show buyer and staff how an order is doing and where its parcels are."),
        (CONTRACT,),
        words("{days} days after the last news of the order"),
        ORDERS,
        periods.ORDERS,
    ),
    Purpose(
        "customers",
        words("Customers and what they allow"),
        words("To know who has agreed to which messages."),
        (DUTY,),
        words("{days} days after the last news, if no order is left"),
        ("customers", "consents"),
        periods.ORDERS,
    ),
    Purpose(
        "messages",
        words("Messages"),
        words("To send each message once, and to show that it was lawful. Neither its text nor the address is kept."),
        (CONTRACT, INTEREST),
        words("As long as the order; without one {days} days"),
        ("messages", "slots"),
        periods.ORDERS,
        MESSAGES,
    ),
    Purpose(
        "changes",
        words("Changes of orders"),
        words("To correct an address or to cancel, as the buyer asks."),
        (CONTRACT,),
        AS_ORDERS,
        ("changes",),
        periods.ORDERS,
    ),
    Purpose(
        "returns",
        words("Returns and withdrawals"),
        words("To take goods back, to refund, and to prove that both was done in time."),
        (CONTRACT, DUTY),
        words("As long as the order: {days} days after its last news; what was begun and not sent, 30 days"),
        RETURNS,
        periods.ORDERS,
        "forget old drafts and photos",
    ),
    Purpose(
        "carts",
        words("Checkouts that were not finished"),
        words("To remind of them once, where that is allowed, and to see whether it helps."),
        (CONSENT, INTEREST),
        words("{days} days after the last news; that somebody was reminded, twice as long"),
        ("carts", "cart_reminders"),
        periods.CARTS,
        "forget old carts",
    ),
    Purpose(
        "codes",
        words("Discount codes and friends"),
        words("To give each person one code, and thanks for a friend once."),
        (INTEREST,),
        words("180 days; a code for friends as long as the customer, thanks as long as the order"),
        ("codes", "referrals"),
        None,
        "forget old codes",
    ),
    Purpose(
        "feedback",
        words("Feedback and reviews"),
        words("To ask once how it was, to put things right, and to publish what somebody chose to publish."),
        (CONSENT, INTEREST),
        AS_ORDERS,
        FEEDBACK,
        periods.ORDERS,
    ),
    Purpose(
        "refusals",
        words("Who is not to be written to"),
        words("Not to write to anybody who does not want it, also after everything else is erased."),
        (DUTY,),
        words("As keyed hashes, as long as the shop uses Aftercare; the wishes of buyers three years longer"),
        ("refusals", "lifted_refusals", "withdrawals"),
    ),
    Purpose(
        "news",
        words("What Shopify sends"),
        words("To work it through again after a failure."),
        (INTEREST,),
        words("{days} days; after that a row without content"),
        ("webhooks",),
        periods.NEWS,
        "forget raw webhooks",
    ),
    Purpose(
        "requests",
        words("Requests of persons"),
        words("To hand data over, to erase them, and not to bring back what was erased."),
        (DUTY,),
        words("30 days after the data were ready; certificates name nobody and stay"),
        ("privacy_requests", "privacy_marks"),
    ),
    Purpose(
        "sightings",
        words("Who looked at whom"),
        words("To show which member of staff was shown whose data, and when."),
        (DUTY, INTEREST),
        words("{days} days"),
        ("sightings", "takeouts"),
        periods.SIGHTINGS,
        "forget who saw whom",
    ),
    Purpose(
        "shop",
        words("The shop itself"),
        words("To speak with Shopify and to know what the shop has set and written."),
        (CONTRACT,),
        words("Until 48 hours after Aftercare is removed"),
        SHOP,
        is_of_buyers=False,
    ),
)

NOBODYS = {"chores"}
"""Tables that know neither shops nor persons."""

_WHO, _WORDS = words("Name, e-mail, phone, address"), words("What buyer and staff wrote")
ENCRYPTED: Mapping[str, str] = {
    "carts.person": words("First name, e-mail, phone, link to the checkout"),
    "changes.content": words("Old and new address, what buyer and staff wrote"),
    "codes.code": words("The code"),
    "customers.person": words("Name, e-mail, phone"),
    "feedback_answers.content": _WORDS,
    "feedback_case_entries.content": _WORDS,
    "lookups.number": words("An order number as somebody typed it"),
    "orders.person": _WHO,
    "parcel_events.place": words("Places and remarks of the carrier"),
    "privacy_requests.export": words("What was found about the person"),
    "privacy_requests.person": words("Who asked"),
    "return_drafts.content": _WORDS,
    "return_entries.content": _WORDS,
    "return_items.content": _WORDS,
    "return_requests.content": _WORDS,
    "return_steps.content": _WORDS,
    "reviews.content": words("First name with initial, and the text"),
    "shipments.tracking": words("Tracking numbers and links"),
    "shops.access_token": words("Key to Shopify"),
    "shops.email": words("E-mail of the shop"),
    "shops.refresh_token": words("Key to Shopify"),
    "staff.name": words("A member of staff’s name, as the shop typed it"),
    "webhooks.body": words("What Shopify sent, byte by byte"),
}
STAFF = {"by", "user", "asked_by", "assigned_to", "decided_by", "lifted_by", "made_by"}
"""Columns with Shopify's number of a member of staff."""
HASHES = words("Keyed hashes of e-mail, phone or address, which cannot be turned back")
NUMBERS = words("Shopify’s numbers of order and customer")
OF_STAFF = words("Shopify’s numbers of staff")


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of a purpose."""

    table: str
    encrypted: Mapping[str, str]
    """Column → what it holds."""
    others: Sequence[str]
    """What else in it leads to somebody."""


def tables(purpose: Purpose) -> Iterator[Kept]:
    for name in purpose.tables:
        table = db.metadata.tables[name]
        sealed = {column.name: ENCRYPTED[f"{name}.{column.name}"] for column in table.columns if _is_sealed(column)}
        yield Kept(name, sealed, tuple(_others(table)))


def days(shop: Shop, purpose: Purpose) -> int | None:
    """None: not counted in days that are the shop's to choose."""
    if purpose.period is None:
        return None
    chosen = periods.of(shop.settings, purpose.period).days
    operators: int = current_app.extensions["config"].raw_days
    return min(chosen, operators) if purpose.period == periods.NEWS else chosen


def told(shop: Shop) -> dict[str, Any]:
    """What templates need to tell it."""
    kept = {purpose.name: days(shop, purpose) for purpose in PURPOSES}
    return {"purposes": PURPOSES, "kept": kept, "tables": tables}


def purged() -> Mapping[str, datetime]:
    """Chore → when it last went well."""
    rows = db.session.execute(select(Chore.name, Chore.done_at).where(Chore.done_at.is_not(None)))
    return {row.name: row.done_at for row in rows}


def sealed_of_buyers() -> frozenset[str]:
    """Encrypted columns about buyers, as in "orders.person"."""
    theirs = {table for purpose in PURPOSES if purpose.is_of_buyers for table in purpose.tables}
    return frozenset(column for column in ENCRYPTED if column.partition(".")[0] in theirs)


def _is_sealed(column: object) -> bool:
    return isinstance(getattr(column, "type", None), Encrypted)


def _others(table: Table) -> Iterator[str]:
    names = {column.name for column in table.columns}
    if any(isinstance(column.type, LargeBinary) and column.name != "content" for column in table.columns):
        yield HASHES
    if names & {name for name in PARTS if name.endswith("_id")} or table.name in ("orders", "customers"):
        yield NUMBERS
    if names & STAFF:
        yield OF_STAFF
