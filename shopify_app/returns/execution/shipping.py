"""The label for the way back: brought to Shopify, which keeps a copy and shows it to the buyer."""

from base64 import b64decode
from typing import Any

from shopify_app import faults, work
from shopify_app.db import transaction
from shopify_app.orders import reconcile
from shopify_app.returns.execution import steps, there
from shopify_app.returns.execution.there import Node
from shopify_app.returns.models import APPROVED, DONE, Request, Step
from shopify_app.returns.requests import effects
from shopify_app.shopify import upload
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.models import Shop

ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


def label(step: Step, shop: Shop, request: Request) -> None:
    """A parcel back takes one label: this one takes the place of another, however often it is tried."""
    node = there.read(shop, request.return_id) if request.return_id else None
    if node is None:
        steps.refuse(step, steps.NOT_FOUND)
        return
    if node["status"] != there.OPEN or request.state != APPROVED:
        work.finish(step, "not_needed")
        return
    backs = [one for one in node["reverseFulfillmentOrders"]["nodes"] if one["status"] == "OPEN"]
    if not backs:
        steps.refuse(step, steps.NOT_FOUND)
        return
    about = _about(step, shop)
    deliveries = backs[0]["reverseDeliveries"]["nodes"]
    name, gid = ("relabel", deliveries[-1]["id"]) if deliveries else ("label", backs[0]["id"])
    AdminApi(shop).run(f"returns/{name}", id=gid, **about)
    faults.point("return_labelled")
    _record(step, shop, there.read(shop, request.return_id or 0) or node)


def _about(step: Step, shop: Shop) -> dict[str, Any]:
    """What Shopify is told of it. An address without a file is the label's, with a number the parcel's."""
    file, tracking_number, url = (step.content.get(name) for name in ("file", "number", "url"))
    about: dict[str, Any] = {"tracking": None, "label": None}
    if file is not None:
        about["label"] = {"fileUrl": _staged(shop, file)}
    elif url and not tracking_number:
        about["label"] = {"fileUrl": url}
    if tracking_number:
        about["tracking"] = {"number": tracking_number} | ({"url": url} if url else {})
    return about


def _staged(shop: Shop, file: dict[str, str]) -> str:
    """Where Shopify finds what we brought there."""
    content = b64decode(file["bytes"])
    wanted = staging(file["type"], len(content))
    target = AdminApi(shop).run("returns/stage_label", **wanted)["stagedUploadsCreate"]["stagedTargets"][0]
    upload.put(target, content, file["type"])
    return str(target["resourceUrl"])


def staging(kind: str, size: int) -> dict[str, Any]:
    """Variables of returns/stage_label."""
    return {
        "input": [
            {
                "resource": "RETURN_LABEL",
                "filename": f"label.{ENDINGS[kind]}",
                "mimeType": kind,
                "fileSize": str(size),
                "httpMethod": "PUT",
            }
        ]
    }


def _record(step: Step, shop: Shop, node: Node) -> None:
    """The buyer gets the address under which Shopify keeps the copy."""
    copies = [
        one["deliverable"]["label"]["publicFileUrl"]
        for back in node["reverseFulfillmentOrders"]["nodes"]
        for one in back["reverseDeliveries"]["nodes"]
        if one["deliverable"] and one["deliverable"].get("label")
    ]
    with transaction():
        request = steps.locked(shop, step)
        kept = request.content.get("label") or {}
        request.content = request.content | {"label": kept | {"url": copies[-1] if copies else None}}
        effects.tell(shop, request, "label", step.key.rpartition("/")[2])
        # Shopify finds out whose number it is.
        reconcile.want(shop.id, "return", request.return_id or 0)
        work.finish(step, DONE, content=step.content | {"file": None})
