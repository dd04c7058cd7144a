"""JSON control: POST /control/<deed> for tests and for the control panel, and what the store can tell about itself."""

import secrets
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from devstore import deeds
from devstore.context import store
from devstore.payloads.people import address as shown_address
from devstore.records import Address, Customer, Fulfillment, Order, Return, ReverseDelivery
from devstore.webhooks import Delivery

blueprint = Blueprint("control", __name__)

Given = dict[str, Any]
"""The JSON body of a control request."""


@blueprint.post("/control/<name>")
def control(name: str) -> ResponseReturnValue:
    """404 for a deed or record that does not exist, 422 for one that cannot happen now."""
    if name not in DEEDS:
        return {"error": f"no deed {name}; there are {', '.join(sorted(DEEDS))}"}, 404
    given = request.get_json(silent=True) or {}
    try:
        return DEEDS[name](given)
    except LookupError as missing:
        return {"error": f"not found: {missing}"}, 404
    except (ValueError, TypeError, AttributeError) as wrong:
        return {"error": str(wrong)}, 422


@blueprint.get("/control/state")
def state() -> ResponseReturnValue:
    """Everything of one shop in short; ?shop= or the first one."""
    shop = _shop(dict(request.args))
    kept = store().state
    return {
        "shop": shop,
        "now": kept.now().isoformat(),
        "installed": kept.install(shop) is not None,
        "products": [_product(product) for product in kept.products.of(shop)],
        "customers": [_customer(customer) for customer in kept.customers.of(shop)],
        "orders": [_order(order) for order in kept.orders.of(shop)],
        "checkouts": [
            {"id": c.id, "token": c.token, "email": c.email, "completed": c.completed_at is not None}
            for c in kept.checkouts.of(shop)
        ],
    }


@blueprint.get("/control/deliveries")
def deliveries() -> ResponseReturnValue:
    return {"deliveries": [_delivery(row) for row in store().log.rows(request.args.get("shop"))]}


@blueprint.get("/control/faults")
def faults() -> ResponseReturnValue:
    return store().faults.shown()


@blueprint.get("/mail/api/messages")
def messages() -> ResponseReturnValue:
    """Newest first; ?to= for one address."""
    return {"messages": [message.shown() for message in store().mailbox.messages(request.args.get("to"))]}


@blueprint.get("/mail/api/messages/<int:id>")
def message(id: int) -> ResponseReturnValue:
    found = store().mailbox.get(id)
    return found.shown() if found else abort(404)


@blueprint.delete("/mail/api/messages")
def clear_messages() -> ResponseReturnValue:
    store().mailbox.clear()
    return {}


def _shop(given: Given) -> str:
    kept = store().state
    shop = given.get("shop") or next(iter(kept.shops), "")
    return str(kept.shops[shop].domain)


def _order_of(given: Given) -> Order:
    return store().state.orders[int(given["order_id"])]


def _parcel(given: Given) -> Fulfillment:
    found = store().state.fulfillment(int(given["fulfillment_id"]))
    if found is None:
        raise LookupError(given["fulfillment_id"])
    return found


def _buyer(given: Given) -> Customer:
    return store().state.customers[int(given["customer_id"])]


def _asked(given: Given) -> Return:
    order = store().state.order_of(int(given["return_id"]))
    return next(back for back in (order.returns if order else []) if back.id == int(given["return_id"]))


def _wanted(given: Given, key: str = "lines") -> list[tuple[int, int]]:
    return [(int(id), int(pieces)) for id, pieces in given.get(key) or []]


def _basket(given: Given) -> list[tuple[int, int]]:
    """The lines that were given, else one of the first product."""
    return _wanted(given) or [(store().state.products.of(_shop(given))[0].variants[0].id, 1)]


def _rest(given: Given, *known: str) -> Given:
    return {key: value for key, value in given.items() if key not in known}


def _times(given: Given) -> Given:
    """ISO texts of known time fields become times."""
    times = ("at", "happened_at", "estimated_delivery_at")
    return {key: datetime.fromisoformat(value) if key in times and value else value for key, value in given.items()}


def _order(order: Order) -> Given:
    return {
        "id": order.id,
        "name": order.name,
        "email": order.email,
        "token": order.token,
        "customer_id": order.customer_id,
        "cancelled": order.cancelled_at is not None,
        "lines": [{"id": line.id, "title": line.name, "unfulfilled": line.unfulfilled} for line in order.lines],
        "fulfillments": [
            {"id": parcel.id, "name": parcel.name, "status": parcel.status, "events": [e.status for e in parcel.events]}
            for parcel in order.fulfillments
        ],
        "refunds": [{"id": refund.id, "amount": refund.amount} for refund in order.refunds],
        "returns": [_shown_return(back) for back in order.returns],
    }


def _shown_return(back: Return) -> Given:
    deliveries = [delivery for expected in back.reverse_orders for delivery in expected.deliveries]
    return {
        "id": back.id,
        "name": back.name,
        "status": back.status,
        "lines": [{"id": line.id, "line_id": line.line_id, "quantity": line.quantity} for line in back.lines],
        "deliveries": [
            {"id": one.id, "label": one.label, "scans": [x.status for x in one.scans]} for one in deliveries
        ],
    }


def _product(product: Any) -> Given:
    variants = [{"id": variant.id, "title": variant.title, "price": variant.price} for variant in product.variants]
    return {"id": product.id, "title": product.title, "variants": variants}


def _customer(customer: Customer) -> Given:
    return {
        "id": customer.id,
        "email": customer.email,
        "name": customer.name,
        "locale": customer.locale,
        "email_consent": customer.email_consent.state,
        "address": shown_address(customer.address),
    }


def _delivery(row: Delivery) -> Given:
    told = _rest(asdict(row), "body", "triggered_at", "next_at", "break_off")
    next_at = row.next_at.isoformat() if row.next_at else None
    return told | {"triggered_at": row.triggered_at.isoformat(), "next_at": next_at}


def _place(given: Given) -> Given:
    running = store()
    more = _times(_rest(given, "shop", "lines", "customer_id", "locale"))
    if given.get("customer_id"):
        more["customer"] = _buyer(given)
    if given.get("locale"):
        more["customer_locale"] = given["locale"]
    if isinstance(given.get("shipping_address"), dict):
        more["shipping_address"] = Address(**given["shipping_address"])
    for pair in ("shipping", "discount"):
        if more.get(pair):
            more[pair] = tuple(more[pair])
    if not more.get("email") and not more.get("customer"):
        more["email"] = "buyer@example.com"
    return _order(deeds.place_order(running.state, _shop(given), _basket(given), **more))


def _checkout(given: Given) -> Given:
    more = _rest(given, "shop", "lines") | ({} if given.get("email") else {"email": "buyer@example.com"})
    checkout = deeds.begin_checkout(store().state, _shop(given), _basket(given), **more)
    return {"id": checkout.id, "token": checkout.token, "cart_token": checkout.cart_token}


def _complete(given: Given) -> Given:
    state = store().state
    found = state.checkout_by_token(_shop(given), given["token"])
    if found is None:
        raise LookupError(given["token"])
    return _order(deeds.complete(state, found, **_rest(given, "shop", "token")))


def _fulfil(given: Given) -> Given:
    more = _times(_rest(given, "order_id", "lines"))
    parcel = deeds.fulfil(store().state, _order_of(given), _wanted(given) or None, **more)
    return {"id": parcel.id, "name": parcel.name}


def _scan(given: Given) -> Given:
    more = _times(_rest(given, "fulfillment_id", "status"))
    return {"id": deeds.scan(store().state, _parcel(given), given["status"], **more).id}


def _refund(given: Given) -> Given:
    refund = deeds.refund(store().state, _order_of(given), _wanted(given), **_times(_rest(given, "order_id", "lines")))
    return {"id": refund.id, "amount": refund.amount}


def _return(given: Given) -> Given:
    more = _times(_rest(given, "order_id", "lines"))
    asked = deeds.request_return(store().state, _order_of(given), _wanted(given), **more)
    return {"id": asked.id, "status": asked.status}


RETURN_STEPS: dict[str, Callable[..., Return]] = {
    "approve": deeds.approve_return,
    "settle": deeds.settle_return,
    "cancel": deeds.cancel_return,
    "close": deeds.close_return,
    "reopen": deeds.reopen_return,
}


def _on_the_way_back(asked: Return) -> tuple[Order, ReverseDelivery]:
    """The order and the newest parcel of a return."""
    deliveries = [delivery for expected in asked.reverse_orders for delivery in expected.deliveries]
    if not deliveries:
        raise LookupError(f"{asked.name} has no parcel")
    return store().state.orders[asked.order_id], deliveries[-1]


def _return_step(given: Given) -> Given:
    asked, step = _asked(given), given["step"]
    if step in deeds.WAY_BACK:
        deeds.scan_back(store().state, *_on_the_way_back(asked), step)
    elif step == "receive":
        deeds.take_in(store().state, store().state.orders[asked.order_id], asked, given.get("type", "RESTOCKED"))
    elif step == "decline":
        deeds.decline_return(store().state, asked, given.get("reason", "OTHER"), given.get("note", ""))
    else:
        RETURN_STEPS[step](store().state, asked)
    return {"id": asked.id, "status": asked.status}


def _edit(given: Given) -> Given:
    state, order = store().state, _order_of(given)
    return _order(deeds.edit_lines(state, order, _wanted(given, "add"), _wanted(given, "remove")))


def _forward(given: Given) -> Given:
    running = store()
    running.forward(timedelta(**{unit: float(amount) for unit, amount in given.items()}))
    return {"now": running.state.now().isoformat()}


def _faults(given: Given) -> Given:
    if not given:
        store().faults.clear()
    return store().faults.order(given)


def _install(given: Given) -> Given:
    """The address at which the app is then opened, as the admin's frame would."""
    return {"url": store().open_app(_shop(given))}


def _uninstall(given: Given) -> Given:
    deeds.uninstall(store().state, _shop(given))
    return {}


def _grant(given: Given) -> Given:
    return {"scopes": deeds.grant(store().state, _shop(given), given["scopes"]).scopes}


def _update_shop(given: Given) -> Given:
    running = store()
    deeds.update_shop(running.state, running.state.shops[_shop(given)], **_rest(given, "shop"))
    return {}


def _rotate(given: Given) -> Given:
    """A new client secret, given or made; {"revoke": true} ends the rotation instead."""
    running = store()
    if given.get("revoke"):
        running.secrets.revoke_old()
        return {}
    running.secrets.rotate(given.get("secret") or secrets.token_hex(32), running.state.now())
    return {"secret": running.secrets.current}


def _open(given: Given) -> Given:
    return {"address": store().open_app(_shop(given), given.get("path", "/"))}


def _settle(given: Given) -> Given:
    return {"settled": store().log.settle(float(given.get("seconds", 10)))}


def _done(deed: Callable[..., Any], find: Callable[[Given], Any], *keys: str) -> Callable[[Given], Given]:
    """A deed on one found record with plain arguments, that has nothing to tell."""

    def run(given: Given) -> Given:
        deed(store().state, find(given), **_times(_rest(given, *keys)))
        return {}

    return run


DEEDS: dict[str, Callable[[Given], Given]] = {
    "order": _place,
    "pay": _done(deeds.pay, _order_of, "order_id"),
    "cancel": _done(deeds.cancel, _order_of, "order_id"),
    "archive": _done(deeds.archive, _order_of, "order_id"),
    "update_order": _done(deeds.update_order, _order_of, "order_id"),
    "edit_order": _edit,
    "delete_order": _done(deeds.delete_order, _order_of, "order_id"),
    "request_link": _done(deeds.request_link, _order_of, "order_id"),
    "fulfil": _fulfil,
    "scan": _scan,
    "tracking": _done(deeds.update_tracking, _parcel, "fulfillment_id"),
    "cancel_fulfillment": _done(deeds.cancel_fulfillment, _parcel, "fulfillment_id"),
    "refund": _refund,
    "return": _return,
    "return_step": _return_step,
    "checkout": _checkout,
    "complete": _complete,
    "consent": lambda given: _done(deeds.edit_consent, _buyer, "customer_id", "state")(
        given | {"word": given["state"]}
    ),
    "update_customer": _done(deeds.update_customer, _buyer, "customer_id"),
    "delete_customer": _done(deeds.delete_customer, _buyer, "customer_id"),
    "data_request": _done(deeds.request_data, _buyer, "customer_id"),
    "redact": _done(deeds.request_redact, _buyer, "customer_id"),
    "shop_redact": _done(deeds.request_shop_redact, _shop, "shop"),
    "forward": _forward,
    "faults": _faults,
    "install": _install,
    "uninstall": _uninstall,
    "grant": _grant,
    "update_shop": _update_shop,
    "rotate_secret": _rotate,
    "replay": lambda given: _delivery(store().log.replay(int(given["delivery_id"]))),
    "open": _open,
    "settle": _settle,
}
