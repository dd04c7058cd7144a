"""Do the programs behind the app run? They are the same for every shop; nothing here is about one.

A worker is known by what it leaves: every installed shop has a round due each five minutes, so work that nobody does
shows by its age within minutes, whether the worker is dead, stuck or was never started.
"""

from datetime import datetime, timedelta

from flask import current_app
from redis import RedisError
from sqlalchemy import func, select

from shopify_app import clock, tracking, work
from shopify_app.db import db, rest
from shopify_app.frame import language, minute
from shopify_app.home.lights.light import Deed, Light, age, amber, green, red, span
from shopify_app.photos import Unreachable
from shopify_app.photos.files import files
from shopify_app.queue import doorbell
from shopify_app.shopify.models import Shop
from shopify_app.work import Chore

SLOW, STUCK = timedelta(minutes=2), timedelta(minutes=10)
"""How long work may be due: then there is too much of it; then nobody does it."""
TICK = timedelta(minutes=2)
"""The clock's shortest chore comes every fifteen seconds."""


def queues(_shop: Shop) -> Light:
    t = language().t
    name, oldest = t("Workers"), _oldest()
    lag = age(oldest) if oldest else timedelta()
    if lag < SLOW:
        return green(name, t("They work: nothing waits longer than it should."))
    said = t("The oldest work has waited for {span}.", span=span(lag.total_seconds()))
    if lag < STUCK:
        return amber(name, f"{said} {t('There is much to do, and it becomes less by itself.')}")
    return red(
        name,
        f"{said} {t('Whoever runs this app has to look whether the workers run.')}",
        Deed(t("Wake them"), repair="bells"),
    )


def _oldest() -> datetime | None:
    """Since when the oldest row of any kind has been due and nobody's."""
    now = clock.now()
    first = (
        db.session.scalar(select(func.min(model.due_at)).where(model.done_at.is_(None), model.due_at <= now))
        for model in work.kinds()
    )
    return min((moment for moment in first if moment is not None), default=None)


def clock_(_shop: Shop) -> Light:
    t = language().t
    name = t("Clock")
    due = db.session.scalar(select(func.min(Chore.due_at)).where(Chore.name == "sweep"))
    if due is None or age(due) > TICK:
        since = t("It stands still since {moment}.", moment=minute(due)) if due else t("It has never run.")
        return red(name, f"{since} {t('Whoever runs this app has to start it: without it nothing regular happens.')}")
    return green(name, t("It runs: what is regular happens in time."))


def redis(_shop: Shop) -> Light:
    """Beside the queue of record: its loss costs time, never work."""
    t, line = language().t, doorbell().redis
    name = t("Redis")
    if line is None:
        return green(name, t("Not used; the workers look for work by themselves."))
    rest()
    try:
        line.ping()
    except RedisError:
        return amber(name, t("It does not answer. Nothing is lost: work is found a few seconds later."))
    return green(name, t("It answers."))


def photos(_shop: Shop) -> Light:
    t = language().t
    name = t("Store of photos")
    rest()
    try:
        next(iter(files().names("health")), None)
    except Unreachable:
        said = t("It does not answer, so buyers cannot add photos.")
        return red(name, f"{said} {t('Whoever runs this app has to look into it.')}")
    return green(name, t("It answers."))


def carriers(shop: Shop) -> Light | None:
    """None where nobody asks them."""
    t = language().t
    name = t("Carriers")
    if current_app.extensions["config"].karrio_url is None:
        return None
    outage = tracking.outage(shop)
    if outage is None:
        return green(name, t("They answer, or need not be asked."))
    until = t("Until then your buyers see what Shopify tells us.")
    if outage.error == "Unauthorized":
        said = t(
            "Since {moment} the service that we ask about parcels has not accepted our key.",
            moment=minute(outage.since),
        )
        said = f"{said} {t('Whoever runs this app has to look into it.')}"
    else:
        said = t(
            "Since {moment} the service that we ask about parcels has not answered. We keep trying.",
            moment=minute(outage.since),
        )
    return amber(t("Carriers cannot be asked"), f"{said} {until}")
