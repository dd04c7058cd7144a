"""What a buyer reads who asks to have an order cancelled, of one that is made up."""

from collections.abc import Callable

from shopify_app.changes import letters
from shopify_app.changes.models import CANCEL, Change
from shopify_app.mail import samples
from shopify_app.mail.outbox import Mail
from shopify_app.orders import sample
from shopify_app.shopify.models import Shop


def _stage(stage: str) -> Callable[[Shop], Mail]:
    def made(shop: Shop) -> Mail:
        order, change = sample.whole(shop).order, Change(kind=CANCEL, content={})
        told = {"link": samples.page(shop), "is_paid": True, "is_late": True, "is_cancelled": False}
        return letters.write(shop, change, order, stage, shop.voice(), shop.email or "", **told)

    return made


for _name in ("asked", "done", "declined"):
    samples.shows(f"changes/{_name}")(_stage(_name))
