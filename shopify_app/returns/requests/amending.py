"""A buyer changes a return that is open: forgot an item, wants something else after all."""

from collections.abc import Sequence

from shopify_app.db import transaction
from shopify_app.returns.basket import Basket, Wish, packed
from shopify_app.returns.models import APPROVED, ASKED, RETURN, WAITING, Item, Request
from shopify_app.returns.policy import money
from shopify_app.returns.policy.decisions import Decision
from shopify_app.returns.policy.money import Preview
from shopify_app.returns.requests import asking, effects, lookup, units
from shopify_app.returns.requests.effects import BUYER, RULE
from shopify_app.shopify.models import Shop


def may(request: Request, items: Sequence[Item]) -> bool:
    """Whether its buyer may still change it: nothing came, no label is out that a parcel may bear, and nobody is just
    filing it in the buyer's own name. A withdrawal is declared once, word for word.
    """
    if request.kind != RETURN or not asking.is_changeable(request):
        return False
    is_being_filed = "by_buyer" in request.content and request.return_id is None
    return not (is_being_filed or request.content.get("label") or any(item.received for item in items))


def amend(
    shop: Shop,
    request_id: int,
    basket: Basket,
    wishes: Sequence[Wish],
    *,
    decisions: Sequence[Decision],
    preview: Preview,
    photos: Sequence[int],
    draft: str,
) -> bool:
    """What the buyer wishes now, in place of what was asked for: decided anew by the rule, or by staff. Raises Taken.

    photos: of the draft, which ends with this; draft: its kind. False when it is too late.
    """
    with transaction():
        units.lock(shop, basket.order_id)
        request = lookup.get(shop, request_id, is_locked=True)
        if request is None or not may(request, lookup.items(shop, [request_id])[request_id]):
            return False
        units.check(shop, basket, wishes, besides=request.id)
        asking.put_items(request, basket, wishes, decisions, preview)
        request.expected = preview.total
        request.content = request.content | {"preview": money.packed(preview)}
        asking.take_along(shop, request, photos, draft)
        changed = effects.write(request, BUYER, "changed", wishes=[packed(wish) for wish in wishes])
        effects.order(request, "refile", BUYER, str(changed.id))
        if asking.needs_nobody(shop, request, basket, wishes, decisions, preview):
            asking.approve_by(shop, request, RULE)
        else:
            _reopen(shop, request, str(changed.id))
        return True


def _reopen(shop: Shop, request: Request, which: str) -> None:
    """Staff decide, and decide again what was agreed to; that Shopify has it agreed still is no news."""
    request.decided_at = request.decided_by = None
    replaced: list[int] = request.content.get("replaced", [])
    request.content = request.content | {"replaced": [*replaced, *([request.return_id] if request.return_id else [])]}
    if request.state == APPROVED:
        effects.move(request, WAITING if request.return_id else ASKED)
    effects.tell(shop, request, "asked", which)
    effects.tell(shop, request, "staff", which)
