"""What staff decide about a request, say about it and write down for one another."""

from collections.abc import Sequence

from shopify_app import clock, work
from shopify_app.db import transaction
from shopify_app.returns.models import ASKED, DECLINED, OVER, REFUSED, WAITING, Request
from shopify_app.returns.requests import effects, lookup
from shopify_app.returns.requests.asking import approve_by
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
        effects.move(request, DECLINED)
        effects.write(request, user, "declined", why=why, message=message, reason=reason)
        effects.order(request, "decline", user, why=why, message=message)
        effects.tell(shop, request, "declined")
        return True


def question(shop: Shop, request_id: int, user: str, text: str) -> bool:
    """Ask the buyer for more; False when the request is over."""
    with transaction():
        request = _open(shop, request_id)
        if request is None:
            return False
        request.is_buyers_turn = True
        request.content = request.content | {"question": text, "answer": None}
        asked = effects.write(request, user, "question", text=text)
        effects.tell(shop, request, "question", str(asked.id))
        return True


def note(shop: Shop, request_id: int, user: str, text: str) -> bool:
    """For staff alone."""
    with transaction():
        request = lookup.get(shop, request_id, is_locked=True)
        if request is None:
            return False
        effects.write(request, user, "note", text=text)
        return True


def assign(shop: Shop, request_id: int, user: str | None, by: str | None = None) -> bool:
    """user: who cares for it from now on; None: nobody in particular. by: who says so, when not the same."""
    with transaction():
        request = _open(shop, request_id)
        if request is None:
            return False
        request.assigned_to = user
        effects.write(request, by or user or effects.CLOCK, "assigned", to=user)
        return True


def settle(shop: Shop, request_id: int, user: str) -> bool:
    """Take the flag off: staff have looked closely."""
    with transaction():
        request = lookup.get(shop, request_id, is_locked=True)
        if request is None or not request.is_flagged:
            return False
        request.is_flagged = False
        effects.write(request, user, "note", text="", settled=request.content.get("flags") or [])
        request.content = request.content | {"flags": []}
        return True


def try_again(shop: Shop, request_id: int) -> bool:
    """What Shopify refused or never answered; False when nothing of the kind waits."""
    with transaction():
        failed = [one for one in lookup.steps(shop, request_id) if one.result in (REFUSED, work.DEAD)]
        for step in failed:
            work.replay(step)
        return bool(failed)


def _in(shop: Shop, request_id: int, states: Sequence[str]) -> Request | None:
    request = lookup.get(shop, request_id, is_locked=True)
    return request if request is not None and request.state in states else None


def _open(shop: Shop, request_id: int) -> Request | None:
    request = lookup.get(shop, request_id, is_locked=True)
    return request if request is not None and request.state not in OVER else None
