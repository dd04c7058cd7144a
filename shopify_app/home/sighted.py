"""After each answer to a merchant: whom it showed is written down, whichever page it was."""

from collections.abc import Mapping
from typing import Any

from flask import Response, g, request
from sqlalchemy import select

from shopify_app import secrets
from shopify_app.db import db
from shopify_app.feedback.models import Case
from shopify_app.language import words
from shopify_app.mail.models import Message
from shopify_app.privacy import sightings
from shopify_app.returns.models import Request

PAGES: Mapping[str, str] = {
    "home": words("Orders"),
    "block": words("Orders, in Shopify’s admin"),
    "messages": words("Messages"),
    "drive": words("Messages"),
    "refusals": words("Messages"),
    "rivals": words("Messages"),
    "changes_admin": words("Changes"),
    "returns_admin": words("Returns"),
    "returns_review": words("Returns"),
    "carts": words("Carts"),
    "feedback_admin": words("Feedback"),
    "reviews_admin": words("Reviews"),
    "referrals": words("Friends"),
    "privacy": words("Privacy"),
    "takeout": words("Privacy"),
}
"""Blueprint → what its pages are called. One that is not here is a setting."""
SETTING = words("Settings")
ORDERS: Mapping[tuple[str, str], Any] = {
    ("messages", "message_id"): Message,
    ("returns_review", "request_id"): Request,
    ("feedback_admin", "case_id"): Case,
}
"""Blueprint and part of the address → the rows that part is the id of, which name their order."""


def note(response: Response) -> Response:
    """What changes something and says only that it did shows nobody."""
    is_shown = request.method == "GET" or response.mimetype == "text/html"
    if "user" not in g or response.status_code >= 400 or not is_shown or request.endpoint is None:
        return response
    user, is_export = str(g.user), "attachment" in response.headers.get("Content-Disposition", "")
    if is_export and response.is_streamed:
        sightings.took_all(g.shop, user, request.endpoint)
        db.session.refresh(g.shop)  # whoever writes while it is sent has no session any more to ask for it
    else:
        opened = secrets.opened()
        sightings.note(g.shop, user, request.endpoint, opened, order_id=_order(), is_export=is_export)
    return response


def page(endpoint: str) -> str:
    """What the pages of this blueprint are called."""
    return PAGES.get(endpoint.partition(".")[0], SETTING)


def rooms(title: str) -> list[str]:
    """Blueprints whose pages are called so."""
    return [name for name, called in PAGES.items() if called == title]


def _order() -> int | None:
    """Of which the page is; None for one that shows many."""
    given: Mapping[str, Any] = request.view_args or {}
    if "order_id" in given:
        return int(given["order_id"])
    for name, value in given.items():
        if model := ORDERS.get((request.blueprint or "", name)):
            found: int | None = db.session.scalar(
                select(model.order_id).where(model.shop_id == g.shop.id, model.id == value)
            )
            return found
    return None
