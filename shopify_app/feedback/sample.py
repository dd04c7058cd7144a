"""What the request for feedback and its reminder look like, of an order that is made up."""

from collections.abc import Callable

from shopify_app.feedback import letters, rules
from shopify_app.feedback.requests import STAGES
from shopify_app.mail import samples
from shopify_app.mail.outbox import Mail
from shopify_app.orders import sample
from shopify_app.shopify.models import Shop


def _stage(stage: str) -> Callable[[Shop], Mail | None]:
    def made(shop: Shop) -> Mail | None:
        is_left_out = stage == "reminder" and not rules.of(shop).reminder
        return None if is_left_out else letters.write(shop, sample.whole(shop), stage)

    return made


for _name in STAGES.values():
    samples.shows(f"feedback/{_name}")(_stage(_name))
