"""What the merchant sees, and what each button does."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from shopify_app import confirmations, dry_runs, returns, tracking, work
from shopify_app import settings as kept
from shopify_app.confirmations.messages import SWITCH
from shopify_app.db import transaction
from shopify_app.frame import is_fetched, language, link, say, show
from shopify_app.home import errors, progress, rehearsal, states, timeline
from shopify_app.home.paging import Page
from shopify_app.language import zone
from shopify_app.orders import links, places, read
from shopify_app.orders.models import Order
from shopify_app.shopify import guards
from shopify_app.shopify.errors import ShopifyError
from shopify_app.webhooks import inbox

pages = Blueprint("home", __name__)
pages.before_request(guards.merchant)
pages.app_errorhandler(HTTPException)(errors.answer)
pages.app_errorhandler(ShopifyError)(errors.shopify_failed)


@pages.get("/orders")
def orders() -> ResponseReturnValue:
    return show("home/orders.html", progress=progress.of(g.shop), **_listed(_page()))


@pages.post("/search")
def search() -> ResponseReturnValue:
    """A POST, since an e-mail address belongs into no URL. Nothing typed shows the newest again."""
    text = request.form.get("q", "").strip()
    found = Page(read.search(g.shop, text)) if text else Page.newest(g.shop)
    return show("home/list.html", searched=bool(text), **_listed(found))


@pages.get("/orders/<int:order_id>")
def order(order_id: int) -> ResponseReturnValue:
    whole = read.whole(g.shop, order_id)
    if whole is None:
        abort(404)
    return show(
        "home/order.html",
        whole=whole,
        state=_states([whole.order])[order_id],
        headline=tracking.headline(g.shop, whole, language()),
        entries=timeline.of(g.shop, whole),
        returns=returns.of_order(g.shop, order_id),
        buyers_page=links.url(g.shop, order_id),
        zone=zone(g.shop.timezone),
    )


@pages.get("/import")
def import_progress() -> ResponseReturnValue:
    now = progress.of(g.shop)
    return {
        "state": now.state,
        "is_running": now.is_running,
        "sentence": now.sentence,
        "count": now.count,
        "total": now.total,
    }


@pages.post("/import")
def start_import() -> ResponseReturnValue:
    if not progress.start_again(g.shop):
        return say(language().t("There is nothing to start again."), status=409)
    return say(language().t("The orders are being read again."))


@pages.get("/parcels")
def parcels() -> ResponseReturnValue:
    return show("home/parcels.html", troubles=tracking.troubles(g.shop, language()))


@pages.post("/parcels/<int:order_id>/message")
def tell_the_buyer(order_id: int) -> ResponseReturnValue:
    told = tracking.tell_now(g.shop, order_id)
    if told is None:
        return say(language().t("This parcel is not in trouble any more."), status=409)
    if not told:
        return say(language().t("There is nothing left to tell the buyer."), status=409)
    return say(language().t("It goes out in a moment."))


@pages.post("/inbox/<int:webhook_id>/replay")
def replay(webhook_id: int) -> ResponseReturnValue:
    webhook = inbox.get(g.shop, webhook_id) or abort(404)
    if webhook.result not in ("failed", work.DEAD):
        return say(language().t("This notification is not waiting for you any more."), status=409)
    if webhook.body is None:
        return say(language().t("Its content has been deleted meanwhile; it cannot be tried again."), status=409)
    work.replay(webhook)
    return say(language().t("It is being worked through again."))


@pages.get("/settings/switches")
def switches() -> ResponseReturnValue:
    """With a preview of the message that `preview` names: the confirmation, or a kind of message about parcels."""
    shown = request.args.get("preview", SWITCH)
    is_parcel = shown in tracking.KINDS
    return show(
        "home/switches.html",
        is_on=bool(g.shop.settings.get(SWITCH)),
        kinds=tracking.KINDS,
        previews=[(kind, f"tracking/{kind}") for kind in tracking.KINDS],
        kinds_on=g.shop.settings.get(tracking.SWITCH, {}),
        shown=shown if is_parcel else SWITCH,
        preview=tracking.preview(g.shop, shown) if is_parcel else confirmations.preview(g.shop),
        seen=request.args.get("seen", ""),
    )


@pages.get("/settings/rehearsal")
def rehearse() -> ResponseReturnValue:
    """What it would have sent, and a button that holds the proof that this was seen."""
    return show(
        "home/rehearsal.html",
        rehearsal=rehearsal.run(g.shop) if is_fetched() else None,
        days=rehearsal.SPAN.days,
        shown=rehearsal.SHOWN,
        most=rehearsal.MOST,
        seen=dry_runs.proof(rehearsal.NAME, g.shop.id),
    )


@pages.post("/settings/switches")
def switch() -> ResponseReturnValue:
    """What was off goes on only after a look at what it would have done."""
    wanted = request.form.get("confirmations", "off")
    if wanted not in ("on", "off"):
        said = language().t("On or off?")
        return say(said, status=422, errors={"confirmations": said})
    was_on, kinds = g.shop.settings.get(tracking.SWITCH, {}), request.form.getlist("parcels")
    is_more = (wanted == "on" and not g.shop.settings.get(SWITCH)) or not was_on.keys() >= set(kinds)
    if is_more and not dry_runs.is_seen(rehearsal.NAME, g.shop.id, request.form.get("seen", "")):
        return say(language().t("Please look at the dry run first."), status=409)
    with transaction():
        parcels = tracking.switched(was_on, kinds)
        kept.put(g.shop, {SWITCH: wanted == "on", tracking.SWITCH: parcels})
    return say(language().t("Saved"))


def _page() -> Page:
    if older := places.find(request.args.get("older", "")):
        return Page.older_than(g.shop, older)
    if newer := places.find(request.args.get("newer", "")):
        return Page.newer_than(g.shop, newer)
    return Page.newest(g.shop)


def _listed(page: Page) -> dict[str, Any]:
    older, newer = page.older and link("/orders", older=page.older), page.newer and link("/orders", newer=page.newer)
    return {"orders": page.orders, "states": _states(page.orders), "older": older, "newer": newer}


def _states(orders: Sequence[Order]) -> dict[int, str]:
    parcels = read.parcels(g.shop, [order.id for order in orders])
    return {order.id: states.shipping(order, parcels[order.id]) for order in orders}
