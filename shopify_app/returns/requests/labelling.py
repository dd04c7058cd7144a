"""The label for the way back."""

from collections.abc import Sequence

from shopify_app.returns.models import Item, Request


def comes_back(request: Request, items: Sequence[Item]) -> bool:
    """Whether anything has to be sent: not what may be kept, nor what was withdrawn from before it left."""
    is_out = not items or any(item.fulfillment_line_id for item in items)
    return is_out and not is_kept(request)


def is_kept(request: Request) -> bool:
    parts = (request.content.get("preview") or {}).get("parts") or []
    return bool(parts) and all(part.get("is_kept") for part in parts)
