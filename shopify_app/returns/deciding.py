"""What staff decide about a request, say about it and write down for one another."""

from collections.abc import Sequence

from shopify_app import clock
from shopify_app.db import transaction
from shopify_app.returns import entries, lookup
from shopify_app.returns.asking import approve_by
from shopify_app.returns.models import ASKED, DECLINED, OVER, WAITING, Request
from shopify_app.shopify.models import Shop

WHYS = ("return_period_ended", "final_sale", "other")
"""Shopify's reasons for declining, in lower case."""
UNDECIDED = (ASKED, WAITING)


def approve(shop: Shop, request_id: int, user: str) -> bool:
    """False when somebody has decided already."""
    with transaction():
        request = _in(shop, request_id, UNDECIDED)
        if request is None:
            return False
        approve_by(shop, request, user)
        return True


def decline(shop: Shop, request_id: int, user: str, why: str, message: str, reason: str = "") -> bool:
    """message: to the buyer. reason: for staff alone. False when somebody has decided already."""
    if why not in WHYS:
        raise ValueError("no reason that Shopify knows")
    with transaction():
        request = _in(shop, request_id, UNDECIDED)
        if request is None:
            return False
        request.decided_at, request.decided_by, request.is_buyers_turn = clock.now(), user, False
        request.content = request.content | {"message": message, "reason": reason, "why": why}
        entries.move(request, DECLINED)
        entries.write(request, user, "declined", why=why, message=message, reason=reason)
        entries.order(request, "decline", user, why=why, message=message)
        entries.tell(shop, request, "declined")
        return True


def question(shop: Shop, request_id: int, user: str, text: str) -> bool:
    """Ask the buyer for more; False when the request is over."""
    with transaction():
        request = _open(shop, request_id)
        if request is None:
            return False
        request.is_buyers_turn = True
        request.content = request.content | {"question": text, "answer": None}
        asked = entries.write(request, user, "question", text=text)
        entries.tell(shop, request, "question", str(asked.id))
        return True


def note(shop: Shop, request_id: int, user: str, text: str) -> bool:
    """For staff alone."""
    with transaction():
        request = lookup.get(shop, request_id, is_locked=True)
        if request is None:
            return False
        entries.write(request, user, "note", text=text)
        return True


def assign(shop: Shop, request_id: int, user: str | None, by: str | None = None) -> bool:
    """user: who cares for it from now on; None: nobody in particular. by: who says so, when not the same."""
    with transaction():
        request = _open(shop, request_id)
        if request is None:
            return False
        request.assigned_to = user
        entries.write(request, by or user or entries.CLOCK, "assigned", to=user)
        return True


def settle(shop: Shop, request_id: int, user: str) -> bool:
    """Take the flag off: staff have looked closely."""
    with transaction():
        request = lookup.get(shop, request_id, is_locked=True)
        if request is None or not request.is_flagged:
            return False
        request.is_flagged = False
        entries.write(request, user, "note", text="", settled=request.content.get("flags") or [])
        request.content = request.content | {"flags": []}
        return True


def _in(shop: Shop, request_id: int, states: Sequence[str]) -> Request | None:
    request = lookup.get(shop, request_id, is_locked=True)
    return request if request is not None and request.state in states else None


def _open(shop: Shop, request_id: int) -> Request | None:
    request = lookup.get(shop, request_id, is_locked=True)
    return request if request is not None and request.state not in OVER else None
