"""The parcel on its way back: its carrier is asked, where one can be asked, until the parcel has come.

Shopify sends no news of parcels that come back. What goes wrong here nobody sees: the next answer tells all of it.
"""

from datetime import timedelta

from flask import current_app

from shopify_app import clock, work
from shopify_app.config import Config
from shopify_app.db import transaction
from shopify_app.language import zone
from shopify_app.orders.facts import moment
from shopify_app.returns.execution import steps
from shopify_app.returns.models import APPROVED, DONE, Request, Step
from shopify_app.returns.requests import effects, labelling, lookup
from shopify_app.shopify.models import Shop
from shopify_app.sources import source
from shopify_app.sources.answers import Answer, SourceError, Throttled, Unknown

RARELY = timedelta(hours=12)
"""Until the next question, while its carrier knows nothing of it."""
AWAY = timedelta(hours=1)
"""After a failure that is the source's own."""
LONGEST = timedelta(days=60)
"""After that no carrier has news of a parcel, and numbers are used again."""


def follow(step: Step, shop: Shop, request: Request) -> None:
    label, at = request.content.get("label") or {}, source()
    since = moment(step.content["since"]) or clock.now()
    if at is None or not steps.is_of_label(step, request) or request.state != APPROVED or clock.now() > since + LONGEST:
        work.finish(step, "not_needed")
        return
    try:
        answer = at.ask(label["carrier"], label["number"], zone(shop.timezone))
    except Throttled as error:
        work.again(step, clock.now() + timedelta(seconds=error.wait))
    except Unknown:
        work.again(step, clock.now() + RARELY)
    except SourceError as error:
        work.again(step, clock.now() + AWAY, error=type(error).__name__)
    else:
        _take(step, shop, answer)


def _take(step: Step, shop: Shop, answer: Answer) -> None:
    """The newest scan counts; one of another label than the request has by now does not."""
    if not answer.scans:
        work.again(step, clock.now() + RARELY)
        return
    last = answer.scans[-1]
    with transaction():
        request = steps.locked(shop, step)
        if not steps.is_of_label(step, request):
            work.finish(step, "not_needed")
            return
        way = {"status": last.status, "at": last.happened_at.isoformat(), "city": last.place.get("city")}
        request.content = request.content | {"way": way}
        known = {entry.word for entry in lookup.entries(shop, request.id)}
        word = "back" if last.status in labelling.ARRIVED else "under_way"
        if word not in known and labelling.is_under_way(request):
            effects.write(request, effects.CLOCK, word, happened_at=way["at"])
        if last.status in labelling.ARRIVED:
            work.finish(step, DONE)
        else:
            work.again(step, clock.now() + (_often() if labelling.is_under_way(request) else RARELY))


def _often() -> timedelta:
    config: Config = current_app.extensions["config"]
    return timedelta(hours=config.karrio_hours)
