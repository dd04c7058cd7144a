"""A return filed at Shopify by its buyer, with the buyer's own login: from the portal, and from our extension.

It is written down with us before, and who files it is settled there, once. Whether it was filed is seen at Shopify
only: the news of it, or the worker's own look, joins the two; the worker files what nobody has filed (filing.py).
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog

from shopify_app import clock, faults
from shopify_app.db import transaction
from shopify_app.returns import requests
from shopify_app.returns.models import ASKED, Item, Request
from shopify_app.shopify import customer_api
from shopify_app.shopify.customer_api import Login
from shopify_app.shopify.errors import ShopifyError
from shopify_app.shopify.models import Shop

log = structlog.get_logger()

DOCUMENT = "returns/request"
AT_ONCE = timedelta(seconds=30)
"""So long after asking a buyer's session may begin to file: the worker waits longer than that for it."""
NOTE = 300
"""Signs of a customer's note that Shopify takes."""


def file(shop: Shop, request_id: int, login: Login) -> None:
    """From the portal. Whatever goes wrong, the request stands, and the worker will see to it."""
    variables = claim(shop, request_id)
    if variables is None:
        return
    faults.point("return_by_buyer")
    try:
        told = customer_api.run(login, DOCUMENT, **variables)["orderRequestReturn"] or {}
    except ShopifyError as error:
        log.warning("return_not_filed_by_buyer", request=request_id, error=str(error))
        return
    if codes := [one.get("code") for one in told.get("userErrors", [])]:
        log.warning("return_not_filed_by_buyer", request=request_id, codes=codes)


def claim(shop: Shop, request_id: int) -> dict[str, Any] | None:
    """The variables to file a request with, for the first who asks and only at once; None: not for you."""
    with transaction():
        request = requests.get(shop, request_id, is_locked=True)
        if request is None or request.state != ASKED or request.return_id is not None:
            return None
        if "by_buyer" in request.content or clock.now() > request.asked_at + AT_ONCE:
            return None
        request.content = request.content | {"by_buyer": True}
        return _variables(request, requests.items(shop, [request.id])[request.id])


def _variables(request: Request, items: Sequence[Item]) -> dict[str, Any]:
    """By lines, as buyers know no parcels: what is said of one line twice is said once."""
    lines: dict[int, dict[str, Any]] = {}
    for item in items:
        line = lines.setdefault(item.line_id, {"lineItemId": f"gid://shopify/LineItem/{item.line_id}", "quantity": 0})
        line["quantity"] += item.quantity
        if reason := item.content.get("reason_id"):
            line.setdefault("returnReasonDefinitionId", reason)
        if note := (item.content.get("note") or "")[:NOTE]:
            line.setdefault("customerNote", note)
    return {"orderId": f"gid://shopify/Order/{request.order_id}", "lines": list(lines.values())}
