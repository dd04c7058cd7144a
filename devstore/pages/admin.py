"""The shop's admin: what the merchant sees around the app, and the app in its frame."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from devstore import deeds, totals, words
from devstore.context import store
from devstore.pages import surfaces, wording
from devstore.pages.panel import returnable_lines
from devstore.pages.panel_deeds import WAY_BACK
from devstore.records import Install, Order, Shop

blueprint = Blueprint("admin", __name__, url_prefix="/store/<handle>")

MEANS = {
    "customers": ("customers", "names, e-mail addresses, consent"),
    "discounts": ("discounts", "codes and their rules"),
    "fulfillments": ("fulfilments", "parcels, tracking numbers, delivery events"),
    "merchant_managed_fulfillment_orders": ("fulfilment orders", "what is still to be shipped"),
    "orders": ("orders", "lines, payments, addresses of the last 60 days"),
    "all_orders": ("all orders", "orders older than 60 days, too"),
    "products": ("products", "titles, variants, pictures"),
    "returns": ("returns", "requests, approvals, refunds"),
    "app_proxy": ("app proxy", "pages of the app inside the online store"),
}
"""What an access scope is called on the install screen, without its read_ or write_."""


@blueprint.get("")
def home(handle: str) -> str:
    shop = _shop(handle)
    orders = store().state.orders.of(shop.domain)
    waiting = [order for order in orders if any(line.unfulfilled for line in order.lines)]
    return _page("home.html", shop, "home", orders=orders, waiting=waiting)


@blueprint.get("/orders")
def orders(handle: str) -> str:
    shop = _shop(handle)
    rows = [_row(order, shop) for order in reversed(store().state.orders.of(shop.domain))]
    return _page("orders.html", shop, "orders", rows=rows)


@blueprint.get("/orders/<int:id>")
def order(handle: str, id: int) -> str:
    shop = _shop(handle)
    found = store().state.orders.get(id)
    if found is None or found.shop != shop.domain:
        abort(404)
    base = store().storefront_url(shop.domain)
    return _page(
        "order.html",
        shop,
        "orders",
        **_row(found, shop),
        free=returnable_lines(found),
        way_back=WAY_BACK,
        sums=totals.of_order(found, shop.currency),
        status_page=words.status_url(base, shop, found),
        customer=store().state.customers.get(found.customer_id or 0),
        blocks=surfaces.frames(shop, shop.staff.locale, surfaces.ADMIN_ORDER, surfaces.admin_order(found)),
        around=surfaces.around_staff(shop),
    )


@blueprint.get("/products")
def products(handle: str) -> str:
    shop = _shop(handle)
    return _page("products.html", shop, "products", products=store().state.products.of(shop.domain))


@blueprint.get("/customers")
def customers(handle: str) -> str:
    shop = _shop(handle)
    found = store().state.customers.of(shop.domain)
    counts = {each.id: 0 for each in found}
    for placed in store().state.orders.of(shop.domain):
        if placed.customer_id in counts:
            counts[placed.customer_id] += 1
    return _page("customers.html", shop, "customers", customers=found, counts=counts)


@blueprint.get("/settings/apps")
def apps(handle: str) -> str:
    return _page("apps.html", _shop(handle), "apps")


@blueprint.get("/apps/<client_id>", defaults={"path": ""}, strict_slashes=False)
@blueprint.get("/apps/<client_id>/<path:path>")
def app(handle: str, client_id: str, path: str) -> str:
    """The app in its frame; before that the merchant agrees to what it asks for."""
    shop, running = _shop(handle), store()
    if client_id not in (running.client_id, running.app.handle):
        abort(404)
    install = running.state.install(shop.domain)
    if install is None or set(install.scopes) - set(running.app.optional_scopes) != set(running.app.scopes):
        return _page("install.html", shop, "app", **_asked(install))
    address = running.open_app(shop.domain, f"/{path}", **request.args.to_dict())
    return _page("frame.html", shop, "app", address=address)


@blueprint.post("/app/install")
def install(handle: str) -> ResponseReturnValue:
    """Managed install, or the approval of changed scopes; then the app is opened."""
    running, shop = store(), _shop(handle)
    running.approve(shop.domain)
    return redirect(f"/store/{handle}/apps/{running.client_id}")


@blueprint.post("/app/uninstall")
def uninstall(handle: str) -> ResponseReturnValue:
    deeds.uninstall(store().state, _shop(handle).domain)
    return redirect(f"/store/{handle}/settings/apps")


@blueprint.get("/app/id-token")
def id_token(handle: str) -> ResponseReturnValue:
    """For the page around the frame: a fresh one-minute token."""
    shop = _shop(handle)
    if store().state.install(shop.domain) is None:
        return {"error": "The app is not installed"}, 403
    return {"token": store().id_token(shop.domain)}, {"Cache-Control": "no-store"}


@blueprint.get("/app/scopes")
def scopes(handle: str) -> ResponseReturnValue:
    return store().scopes(_shop(handle).domain)


@blueprint.post("/app/scopes")
def request_scopes(handle: str) -> ResponseReturnValue:
    """The merchant has answered Shopify's dialog."""
    given = request.get_json()
    try:
        return store().answer_request(_shop(handle).domain, given["scopes"], is_granted=given["is_granted"])
    except ValueError as error:
        return {"error": str(error)}, 422


@blueprint.get("/charges/<app>/pricing_plans")
def plans(handle: str, app: str) -> str:
    """Shopify's own page of the app's plans."""
    shop, running = _shop(handle), store()
    if app != running.app.handle:
        abort(404)
    return _page("plans.html", shop, "app", install=running.state.install(shop.domain), plans=deeds.PLANS, app=app)


@blueprint.post("/charges/<app>/pricing_plans")
def choose_plan(handle: str, app: str) -> ResponseReturnValue:
    """Back into the app, which is told the plan's handle and has to ask whether it is true."""
    running, shop, chosen = store(), _shop(handle), request.form.get("plan", "")
    if chosen not in deeds.PLANS:
        abort(422)
    deeds.choose_plan(running.state, shop.domain, chosen)
    return redirect(f"/store/{handle}/apps/{running.client_id}/plan?plan_handle={chosen}")


@blueprint.get("/<path:rest>")
def elsewhere(handle: str, rest: str) -> ResponseReturnValue:
    """A page of Shopify's admin that apps link to and that this store does not play."""
    return _page("elsewhere.html", _shop(handle), "", rest=rest), 404


def _shop(handle: str) -> Shop:
    found = next((shop for shop in store().state.shops.values() if shop.handle == handle), None)
    return found or abort(404)


def _row(order: Order, shop: Shop) -> dict[str, Any]:
    return {
        "order": order,
        "total": wording.total(order, shop),
        "payment": wording.payment(order, shop),
        "delivery": wording.delivery(order),
        "parcels": [(parcel, wording.parcel(parcel)) for parcel in order.fulfillments],
        "when": wording.moment(order.created_at, shop.iana_timezone),
    }


def _asked(install: Install | None) -> dict[str, Any]:
    """What the app asks for, in words; `new` is what it did not have before."""
    held = set(install.scopes if install else ())
    wanted = {*store().app.scopes, *(held & set(store().app.optional_scopes))}
    return {
        "install": install,
        "wanted": [_words(scope, scope not in held) for scope in sorted(wanted)],
        "dropped": [_words(scope, False) for scope in sorted(held - wanted)],
    }


def _words(scope: str, new: bool) -> dict[str, Any]:
    deed, _, subject = scope.partition("_")
    name, what = MEANS.get(subject, (subject.replace("_", " "), ""))
    return {"deed": "Edit" if deed == "write" else "View", "name": name, "what": what, "scope": scope, "new": new}


def _page(template: str, shop: Shop, place: str, **values: Any) -> str:
    running = store()
    said = {"price": wording.price, "moment": wording.moment, "running": running, "shop": shop, "place": place}
    return render_template(f"admin/{template}", **said, installed=running.state.install(shop.domain), **values)
