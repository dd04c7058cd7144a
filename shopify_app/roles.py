"""Who of a shop's staff may do what: one table, one question."""

from collections.abc import Mapping

from flask import g
from werkzeug.exceptions import Forbidden

from shopify_app.db import db
from shopify_app.shopify import staff
from shopify_app.shopify.models import Shop
from shopify_app.shopify.staff import AGENT, MANAGER, OWNER, ROLES

SETTINGS, DATA, MONEY, STAFF = DEEDS = ("settings", "data", "money", "staff")
"""Change what the shop has set; take data about persons out of the app; give any sum, and agree to what others ask;
decide about staff, their roles and limits."""
MAY: Mapping[str, frozenset[str]] = {
    OWNER: frozenset(DEEDS),
    MANAGER: frozenset({SETTINGS, DATA, MONEY}),
    AGENT: frozenset(),
}


class Denied(Forbidden):
    """`deed` is not for this person; `home/errors.py` has the words."""

    def __init__(self, deed: str) -> None:
        super().__init__()
        self.deed = deed


class NoOwner(Exception):
    """Nobody would be left who may decide about staff."""


def may(shop: Shop, deed: str, user: str | None = None) -> bool:
    """Whether a person may, by Shopify's number; None: whoever asks for this page."""
    member = staff.get(shop, g.user if user is None else user)
    return member is not None and deed in MAY[member.role]


def check(shop: Shop, deed: str) -> None:
    """Raises Denied for whoever asks for this page and may not."""
    if not may(shop, deed):
        raise Denied(deed)


def assign(shop: Shop, wanted: Mapping[str, str]) -> Mapping[str, str]:
    """Give roles, by Shopify's numbers; what those had before whose role has changed. In a transaction. Raises Denied,
    and NoOwner.
    """
    # Of two owners who take the role from one another, one comes too late.
    db.session.refresh(shop, with_for_update={"key_share": True})
    check(shop, STAFF)
    before = {}
    for member in staff.everybody(shop):
        role = wanted.get(member.user, member.role)
        if role != member.role and role in ROLES:
            before[member.user], member.role = member.role, role
    if not any(member.role == OWNER for member in staff.everybody(shop)):
        raise NoOwner
    return before
