"""How the app is doing in one shop: lights, each with one plain sentence and at most one thing to do.

A light is a function of the shop that gives a Light, or None where there is nothing to say. Each may read the database
and ask what stands beside the app (Redis, the photos' store), never Shopify: what Shopify says is a note that somebody
had made (`asked.py`).
"""

from collections.abc import Callable, Sequence

from shopify_app.home.lights import asked, machines, mails, news, permits, rows
from shopify_app.home.lights.light import Deed, Light, State, span
from shopify_app.shopify.models import Shop

__all__ = ("LIGHTS", "Deed", "Light", "State", "lit", "span")

LIGHTS: Sequence[Callable[[Shop], Light | None]] = (
    news.notifications,
    news.failed,
    news.delivery,
    news.import_,
    news.details,
    news.recent,
    news.nightly,
    rows.given_up,
    permits.access,
    permits.scopes,
    permits.codes,
    permits.ratings_,
    permits.consents,
    asked.subscriptions,
    asked.budget,
    asked.version,
    mails.server,
    mails.bounces,
    mails.complaints,
    machines.queues,
    machines.clock_,
    machines.redis,
    machines.photos,
    machines.carriers,
)


def lit(shop: Shop) -> Sequence[Light]:
    """The worst first, else as they stand above."""
    found = [one for light in LIGHTS if (one := light(shop)) is not None]
    return sorted(found, key=lambda one: list(State).index(one.state))
