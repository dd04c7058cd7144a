"""What reminders would have done: the shop's own last weeks, read at Shopify and put to the same decision."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, or_, select

from shopify_app import clock, secrets
from shopify_app.addresses import email_key
from shopify_app.carts import decisions, reminders
from shopify_app.carts.decisions import Facts
from shopify_app.carts.settings import Settings
from shopify_app.db import db
from shopify_app.money import minor
from shopify_app.orders.facts import moment, phone_index, phone_key
from shopify_app.orders.models import Order
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.errors import Throttled
from shopify_app.shopify.models import Shop

SPAN = timedelta(days=60)
PAGES = 10
"""Of a hundred checkouts each: what the merchant can wait for."""
PATIENCE = 12
"""Seconds that they wait besides, where Shopify is busy, as with the first import: about a thousand points."""
SUBSCRIBED = "SUBSCRIBED"
NO_CONSENT = "no_consent"

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """A checkout of the last weeks, and what would have become of it."""

    left_at: datetime
    email: str | None
    titles: Sequence[str]
    total: int
    currency: str
    decision: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    pasts: Sequence[Past]
    """The newest first."""
    is_whole: bool
    """False: there were more than can be read while somebody waits."""

    @property
    def sent(self) -> list[Past]:
        return [past for past in self.pasts if past.decision == decisions.GO]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why not for the others, the commonest first."""
        return Counter(past.decision for past in self.pasts if past.decision != decisions.GO).most_common()


def rehearse(shop: Shop, chosen: Settings) -> Rehearsal:
    """As far as the first message goes. Nothing is kept of it. Raises one of the ShopifyError family."""
    since = clock.now() - SPAN
    span = f"created_at:>='{since:%Y-%m-%dT%H:%M:%SZ}'"
    api = AdminApi(shop, PATIENCE)
    wrote, _ = _read(api, "carts/mailed", f"{span} (email_state:sent OR email_state:scheduled)")
    nodes, is_whole = _read(api, "carts/history", span)
    mailed = {node["id"] for node in wrote}
    found = [_past(shop, chosen, node, nodes, shopify_wrote=node["id"] in mailed) for node in nodes]
    return Rehearsal([past for past in found if past], is_whole)


def _read(api: AdminApi, document: str, query: str) -> tuple[list[Node], bool]:
    """The newest, as far as Shopify lets us."""
    nodes: list[Node] = []
    after = None
    for _ in range(PAGES):
        try:
            page = api.run(document, query=query, after=after)["abandonedCheckouts"]
        except Throttled:
            if not nodes:
                raise
            break
        nodes += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return nodes, True
        after = page["pageInfo"]["endCursor"]
    return nodes, False


def _past(shop: Shop, chosen: Settings, node: Node, nodes: Sequence[Node], *, shopify_wrote: bool) -> Past | None:
    """None for one whose hour is not over. Of a completed checkout nobody can tell any more when its buyer was there
    last before paying, so its hour counts from the beginning.
    """
    began_at, completed_at = _time(node["createdAt"]), moment(node["completedAt"])
    active_at = began_at if completed_at else _time(node["updatedAt"])
    due_at = active_at + chosen.delays[0]
    if due_at > clock.now():
        return None
    email, money = _email(node), node["totalPriceSet"]["presentmentMoney"]
    lines: Sequence[Node] = node["lineItems"]["nodes"]
    index = secrets.index(shop.id, "email", email_key(email)) if email else None
    facts = Facts(
        now=due_at,
        began_at=began_at,
        last_activity=active_at,
        delay=chosen.delays[0],
        since=began_at,
        has_email=email is not None,
        pieces=sum(line["quantity"] for line in lines),
        total=minor(money["amount"], money["currencyCode"]),
        is_online_store=True,
        is_completed=completed_at is not None and completed_at <= due_at,
        has_bought=_has_bought(shop, node, index, began_at, due_at),
        is_superseded=any(_is_newer(other, node, active_at, due_at) for other in nodes),
        is_held_out=reminders.is_held_out(shop, index, chosen.holdout),
        is_available=any(line["variant"] and line["variant"]["availableForSale"] for line in lines),
        shopify_wrote=shopify_wrote,
        is_unsubscribed=_state(node) == "UNSUBSCRIBED",
    )
    titles = [str(line["title"]) for line in lines]
    return Past(active_at, email, titles, facts.total, money["currencyCode"], _decision(facts, node))


def _decision(facts: Facts, node: Node) -> str:
    """The budget asks for consent when a message goes out; here it is asked in its place."""
    decision = decisions.decide(facts)
    is_possible = decision in (decisions.GO, decisions.HELD_OUT)
    return NO_CONSENT if is_possible and _state(node) != SUBSCRIBED else decision


def _time(text: str) -> datetime:
    return moment(text) or clock.now()


def _address(node: Node) -> Node:
    return (node["customer"] or {}).get("defaultEmailAddress") or {}


def _email(node: Node) -> str | None:
    return _address(node).get("emailAddress")


def _state(node: Node) -> str | None:
    return _address(node).get("marketingState")


def _has_bought(shop: Shop, node: Node, email_index: bytes | None, began_at: datetime, due_at: datetime) -> bool:
    customer: Node = node["customer"] or {}
    phone = (customer.get("defaultPhoneNumber") or {}).get("phoneNumber")
    number = customer.get("id") and int(customer["id"].rpartition("/")[2])
    by_phone = phone_index(shop.id, phone_key(phone, shop.country))
    known = {Order.email_index: email_index, Order.customer_id: number, Order.phone_index: by_phone}
    same = [column == value for column, value in known.items() if value]
    if not same:
        return False
    in_time = (Order.shop_id == shop.id, Order.placed_at >= began_at, Order.placed_at <= due_at)
    return bool(db.session.scalar(select(exists().where(*in_time, or_(*same)))))


def _is_newer(other: Node, node: Node, active_at: datetime, due_at: datetime) -> bool:
    """Another checkout of the same account, begun before the message would have gone out."""
    is_theirs = other["id"] != node["id"] and other["customer"] and node["customer"]
    if not is_theirs or other["customer"]["id"] != node["customer"]["id"]:
        return False
    return active_at < _time(other["createdAt"]) <= due_at
