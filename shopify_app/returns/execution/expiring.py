"""A label that runs out before the parcel is sent."""

from shopify_app import work
from shopify_app.db import transaction
from shopify_app.returns.execution import steps
from shopify_app.returns.models import APPROVED, DONE, Request, Step
from shopify_app.returns.requests import effects, labelling
from shopify_app.shopify.models import Shop


def expiring(step: Step, shop: Shop, request: Request) -> None:
    """The buyer hears of it once, while there is time."""
    with transaction():
        request = steps.locked(shop, step)
        is_its = request.state == APPROVED and steps.is_of_label(step, request)
        if is_its and not labelling.is_under_way(request):
            effects.tell(shop, request, "expiring", str(request.content["label"]["entry"]))
        work.finish(step, DONE)
