"""Does Shopify tell us what happens, does it come in time, and what had to be found without it?"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select

from shopify_app.db import db
from shopify_app.frame import language, minute
from shopify_app.home import progress
from shopify_app.home.lights.light import Deed, Light, age, amber, green, red, span
from shopify_app.home.lights.topics import newest
from shopify_app.orders import reconcile
from shopify_app.orders.models import Order, Sync
from shopify_app.shopify.models import Shop
from shopify_app.webhooks.models import FAILED, Webhook

SLACK = timedelta(hours=1)
"""An order that came so much later than all notifications was not told of."""
LATE = timedelta(minutes=5)
"""Shopify tells most things within seconds, and tries for two days what it could not deliver."""


def notifications(shop: Shop) -> Light:
    """Silence is normal where nothing happens: an order of which nothing was told is not."""
    t = language().t
    name = t("Notifications from Shopify")
    last = db.session.scalar(select(func.max(Webhook.received_at)).where(Webhook.shop_domain == shop.domain))
    bought = db.session.scalar(select(func.max(Order.placed_at)).where(Order.shop_id == shop.id))
    if _is_missed(shop, last, bought):
        said = t("Shopify has told nothing since {moment}, though there were orders.", moment=minute(last or bought))  # type: ignore[arg-type]
        more = t("Aftercare reads them by itself, every five minutes.")
        return red(name, f"{said} {more}", Deed(t("Read now"), repair="rounds"))
    if last is None:
        return green(name, t("None has come yet. The first comes with the first order."))
    return green(name, t("The newest came: {moment}", moment=minute(last)))


def _is_missed(shop: Shop, last: datetime | None, bought: datetime | None) -> bool:
    since = max((one for one in (last, shop.installed_at) if one is not None), default=None)
    is_after = bought is not None and since is not None and bought > since + SLACK
    return is_after and bought is not None and age(bought) > LATE


def failed(shop: Shop) -> Light:
    t, n = language().t, language().n
    name = t("Notifications that failed")
    bad = select(func.count()).select_from(Webhook).where(Webhook.shop_domain == shop.domain, FAILED)
    if count := db.session.scalar(bad):
        said = n("{count} could not be worked through.", "{count} could not be worked through.", count)
        return red(name, said, Deed(t("Try all again"), repair="notifications"))
    return green(name, t("None. Everything Shopify told us has been worked through."))


def delivery(shop: Shop) -> Light | None:
    """How long news takes to us, and then through us; of the newest of a day."""
    t = language().t
    name, seen = t("How fast notifications are"), newest(shop)
    fresh = [one for one in seen if age(one.received_at) < timedelta(days=1)]
    if not fresh:
        return None
    theirs = max((one.received_at - one.triggered_at).total_seconds() for one in fresh)
    ours = max(((one.done_at or one.received_at) - one.received_at).total_seconds() for one in fresh)
    said = t(
        "In 24 hours: to us at most {theirs}, through Aftercare at most {ours}.",
        theirs=span(max(theirs, 0)),
        ours=span(ours),
    )
    return (amber if max(theirs, ours) > LATE.total_seconds() else green)(name, said)


def recent(shop: Shop) -> Light:
    return _round(shop, "recent", language().t("Every five minutes: what changed"))


def nightly(shop: Shop) -> Light:
    return _round(shop, "nightly", language().t("Every night: the last two days, and parcels on their way"))


def details(shop: Shop) -> Light | None:
    """None where there were no orders to begin with."""
    t = language().t
    name, sync = t("Their parcels, and what carriers told of them"), reconcile.of(shop, "details")
    if sync is None:
        return None
    return green(name, t("Read.")) if sync.result == "read" else _state(name, sync)


def _round(shop: Shop, kind: str, name: str) -> Light:
    """Regular rounds find what no notification told of."""
    t, n = language().t, language().n
    sync = reconcile.of(shop, kind)
    if sync is None:
        return green(name, t("Begins soon after the install."))
    light = _state(name, sync)
    if not sync.misses:
        return light
    found = n(
        "Found {count} order of which no notification had come.",
        "Found {count} orders of which no notification had come.",
        sync.misses,
    )
    return replace(light, sentence=f"{light.sentence} {found}")


def _state(name: str, sync: Sync) -> Light:
    t, moment = language().t, minute(sync.due_at)
    deed = Deed(t("Read now"), repair="rounds")
    if sync.done_at:
        return red(name, t("Given up ({error}).", error=sync.error or sync.result), deed)
    if sync.error == "Unauthorized":
        said = t(
            "Shopify did not let us in. Opening this app has renewed our access. Next try: {moment}", moment=moment
        )
        return red(name, said, deed)
    if sync.error == "Paused":
        return amber(name, t("Shopify has paused this shop. Next try: {moment}", moment=moment))
    if sync.error:
        said = t("The last try failed ({error}). Next try: {moment}", error=sync.error, moment=moment)
        return amber(name, said, deed)
    return green(name, t("Next round: {moment}", moment=moment))


def import_(shop: Shop) -> Light:
    t, now = language().t, progress.of(shop)
    name = t("Orders from before the install")
    if now.state == "failed":
        return red(name, now.sentence, Deed(t("Start again"), repair="import"))
    return green(name, now.sentence)
