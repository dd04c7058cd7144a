"""The slip that goes into the parcel: whose return it is and what should be inside, for whoever opens it."""

from collections.abc import Sequence
from dataclasses import dataclass

import segno
from markupsafe import Markup

from shopify_app.language import Language
from shopify_app.orders.read import Whole
from shopify_app.returns import codes, requests
from shopify_app.returns.models import APPROVED, RECEIVED, Item, Request
from shopify_app.returns.policy import policies
from shopify_app.returns.requests import keeping
from shopify_app.shopify.models import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    name: str
    code: str
    picture: Markup
    """The code as a QR code: SVG."""
    items: Sequence[tuple[int, str, str]]
    """Units, title and SKU or finish, whichever there is."""
    address: Sequence[str]
    """Lines of where it goes to; empty: the label says it."""


def is_offered(request: Request, items: Sequence[Item]) -> bool:
    return request.state in (APPROVED, RECEIVED) and keeping.comes_back(items)


def of(shop: Shop, whole: Whole, request: Request, language: Language) -> Slip | None:
    """None when nothing has to be sent back (any more, or yet)."""
    items = requests.items(shop, [request.id])[request.id]
    if not is_offered(request, items):
        return None
    sent = [item for item in items if item.fulfillment_line_id is not None]
    _, terms = policies.of_order(shop, whole.order.placed_at)
    return Slip(
        name=request.name or language.t("Request {number}", number=request.id),
        code=codes.code(shop, request.id),
        picture=_picture(codes.code(shop, request.id)),
        items=[_item(item, whole) for item in sent],
        address=terms.address,
    )


def _item(item: Item, whole: Whole) -> tuple[int, str, str]:
    line = next((one for one in whole.lines if one.id == item.line_id), None)
    if line is None:
        return item.quantity, item.content.get("title") or "–", ""
    return item.quantity, line.title, " · ".join(filter(None, (line.variant_title, line.sku)))


def _picture(code: str) -> Markup:
    """Without the hyphen, which no scanner needs. Drawn as one path, which needs neither style nor script."""
    drawn = segno.make(code.replace("-", ""), error="m", micro=False)
    return Markup(drawn.svg_inline(border=2, omitsize=True, svgclass="aftercare-qr", title=code))  # noqa: S704
