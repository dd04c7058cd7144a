"""What staff does with a return where money may be given beyond the shop's terms: each deed says done, asked (it is
above this person's limits and waits for another one) or overtaken (the return does not stand so any more).
"""

from collections.abc import Mapping, Sequence

from shopify_app.returns import requests
from shopify_app.returns.models import Item, Request
from shopify_app.returns.requests.handling import MISSING
from shopify_app.returns.staff import goodwill, sums
from shopify_app.shopify.models import Shop


def approve(shop: Shop, request: Request, user: str) -> str:
    outside = sums.outside(request, requests.items(shop, [request.id])[request.id])
    return goodwill.give(
        shop, request, user, goodwill.OUTSIDE, outside, lambda: requests.approve(shop, request.id, user)
    )


def decline(shop: Shop, request: Request, user: str, why: str, message: str, reason: str = "") -> str:
    """message: to the buyer; reason: for staff alone."""
    return "done" if requests.decline(shop, request.id, user, why, message, reason) else "overtaken"


def refund(shop: Shop, request: Request, user: str, *, is_waived: bool = False, amount: int | None = None) -> str:
    """amount: minor units, where it is to be another sum than was worked out."""
    if amount is not None:
        given = max(amount - sums.due(request, requests.items(shop, [request.id])[request.id]), 0)
    else:
        given = sums.fees(request) if is_waived else 0
    kind = goodwill.MORE if amount is not None else goodwill.FEE
    return goodwill.give(
        shop, request, user, kind, given, lambda: requests.refund(shop, request.id, user, is_waived, amount)
    )


def received(items: Sequence[Item], form: Mapping[str, str]) -> dict[int, tuple[int, str | None]]:
    """What a form says came back: of every item in all, and whether the parcel lacked it. Raises ValueError."""
    came: dict[int, tuple[int, str | None]] = {}
    for item in items:
        count, condition = form.get(f"units-{item.id}", ""), form.get(f"condition-{item.id}", "")
        if not (count.isascii() and count.isdigit() and len(count) < 6):
            raise ValueError("not a number of units")
        if int(count) and condition not in ("", MISSING):
            raise ValueError("no condition")
        if int(count):
            came[item.id] = int(count), condition or None
    if not came:
        raise ValueError("nothing came")
    return came
