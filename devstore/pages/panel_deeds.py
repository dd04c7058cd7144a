"""What the buttons of the control panel do. Each takes the form and gives the sentence that tells what happened."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from werkzeug.datastructures import MultiDict

from devstore import deeds, road
from devstore.carriers import tracking
from devstore.context import store
from devstore.pages import wording
from devstore.places import carrier_to
from devstore.records import Customer, Fulfillment, Order, Return, Shop, Tracking
from devstore.scenarios import Stage, play

Form = MultiDict[str, str]
CHANCE = Random()
WAY_BACK = {"carrier_picked_up": "Dropped off", "in_transit": "Under way", "delivered": "At the warehouse"}
"""What happens to a parcel that comes back, in this order."""


def pay(form: Form) -> str:
    order = deeds.pay(store().state, _order(form))
    return f"{order.name} is paid."


def cancel(form: Form) -> str:
    order = deeds.cancel(store().state, _order(form), form.get("reason", "customer"))
    return f"{order.name} is cancelled."


def archive(form: Form) -> str:
    return f"{deeds.archive(store().state, _order(form)).name} is archived."


def request_link(form: Form) -> str:
    order = _order(form)
    deeds.request_link(store().state, order)
    return f"The buyer of {order.name} has asked for a fresh link."


def fulfil(form: Form) -> str:
    """Fields line-<id> hold the pieces; none of them = all that is left. A typed number replaces the made one."""
    state, order = store().state, _order(form)
    parcel = road.send(state, order, CHANCE, _pieces(form) or None, company=form.get("company") or None)
    number = form.get("number", "").strip()
    if number:
        track = parcel.tracking[0]
        old = track.number or ""
        deeds.update_tracking(state, parcel, track.company, number, (track.url or "").replace(old, number))
    return f"Parcel {parcel.name} is packed."


def scan(form: Form) -> str:
    """Without a status the usual next one."""
    state, parcel = store().state, _parcel(form)
    status = form.get("status") or road.usual_next(parcel)
    if status is None:
        raise ValueError(f"The way of {parcel.name} has ended.")
    order = state.orders[parcel.order_id]
    if form.get("city"):
        deeds.scan(state, parcel, status, city=form["city"], message=form.get("message") or None)
    else:
        road.scan(state, order, parcel, status, arrives=_promised(form))
    return f"{parcel.name}: {wording.PARCEL[status][0].lower()}."


def cancel_parcel(form: Form) -> str:
    parcel = deeds.cancel_fulfillment(store().state, _parcel(form))
    return f"Parcel {parcel.name} is taken apart."


def delete_scan(form: Form) -> str:
    parcel = _parcel(form)
    event = next(event for event in parcel.events if event.id == int(form["event_id"]))
    deeds.delete_scan(store().state, parcel, event)
    return f"The carrier takes “{wording.PARCEL[event.status][0].lower()}” back."


def refund(form: Form) -> str:
    """Fields line-<id> hold the pieces; an amount alone is given back without lines."""
    state, order = store().state, _order(form)
    amount = form.get("amount", "").strip() or None
    if not _pieces(form) and amount is None:
        raise ValueError("Say which pieces or how much to refund.")
    back = deeds.refund(state, order, _pieces(form), amount=amount, note=form.get("note") or None)
    return f"{wording.price(back.amount, state.shops[order.shop].currency)} of {order.name} go back."


def request_return(form: Form) -> str:
    order = _order(form)
    asked = deeds.request_return(store().state, order, _pieces(form), reason=form.get("reason", "UNKNOWN"))
    return f"The buyer asks for return {asked.name}."


def file_return(form: Form) -> str:
    """Filed by the shop's own staff: open at once."""
    state, order = store().state, _order(form)
    asked = deeds.request_return(state, order, _pieces(form), reason=form.get("reason", "UNKNOWN"))
    return f"Return {deeds.approve_return(state, asked).name} is open."


def approve_return(form: Form) -> str:
    return f"Return {deeds.approve_return(store().state, _return(form)).name} is approved."


def decline_return(form: Form) -> str:
    reason, note = form.get("reason", "OTHER"), form.get("note", "")
    return f"Return {deeds.decline_return(store().state, _return(form), reason, note).name} is declined."


def cancel_return(form: Form) -> str:
    return f"Return {deeds.cancel_return(store().state, _return(form)).name} is cancelled."


def close_return(form: Form) -> str:
    return f"Return {deeds.close_return(store().state, _return(form)).name} is closed."


def reopen_return(form: Form) -> str:
    return f"Return {deeds.reopen_return(store().state, _return(form)).name} is open again."


def send_back(form: Form) -> str:
    """The parcel is given to the buyer's usual carrier, with a number when it has none yet."""
    state, back = store().state, _return(form)
    order = state.orders[back.order_id]
    for expected in back.reverse_orders:
        if not expected.deliveries and expected.status == "OPEN":
            name = carrier_to(order.shipping_address) if order.shipping_address else "UPS"
            made = tracking(name, CHANCE)
            deeds.expect_delivery(
                state, order, expected, tracking=Tracking(number=made["number"], url=made["url"]), label=None
            )
    return _scan_back(back, form.get("status", deeds.WAY_BACK[0]))


def _scan_back(back: Return, status: str) -> str:
    state = store().state
    deliveries = [delivery for expected in back.reverse_orders for delivery in expected.deliveries]
    if not deliveries:
        raise ValueError(f"Nothing is expected of {back.name}.")
    deeds.scan_back(state, state.orders[back.order_id], deliveries[-1], status)
    return f"The parcel of {back.name}: {WAY_BACK[status].lower()}."


def take_in(form: Form) -> str:
    """type: a disposition."""
    state, back = store().state, _return(form)
    deeds.take_in(state, state.orders[back.order_id], back, form.get("type", "RESTOCKED"))
    return f"What came of {back.name} is looked at."


def settle_return(form: Form) -> str:
    back = deeds.settle_return(store().state, _return(form))
    return f"Return {back.name} is processed."


def scenario(form: Form) -> str:
    """With `days` the store's time goes on between the acts, else all happens now."""
    running, shop = store(), _shop(form)
    buyers = [each for each in running.state.customers.of(shop.domain) if each.address and each.email]
    if not buyers:
        raise ValueError(f"{shop.name} has no buyer with an address.")
    wait: Callable[[timedelta], None] = running.forward if form.get("days") else lambda time: None
    order = play(form["name"], Stage(running.state, shop, CHANCE.choice(buyers), wait))
    return f"Played with {order.name}." if order else "Played: the cart is left behind."


def forward(form: Form) -> str:
    """by: "hours=1", "days=10"."""
    unit, _, amount = form["by"].partition("=")
    store().forward(timedelta(**{unit: float(amount)}))
    return f"It is now {store().state.now():%A %d %B, %H:%M} UTC."


def faults(form: Form) -> str:
    """Fields group.name; a box that is not ticked is off."""
    running = store()
    wanted: dict[str, dict[str, float | bool]] = {}
    for group, values in running.faults.shown().items():
        wanted[group] = {name: _value(form, f"{group}.{name}", value) for name, value in values.items()}
    running.faults.order(wanted)
    return "The trouble is set."


def calm(form: Form) -> str:
    store().faults.clear()
    return "Everything works again."


def replay(form: Form) -> str:
    return f"{store().log.replay(int(form['delivery_id'])).topic} is sent again."


def data_request(form: Form) -> str:
    customer = _customer(form)
    deeds.request_data(store().state, customer)
    return f"{customer.name or customer.email} wants to see their data."


def redact_customer(form: Form) -> str:
    customer = _customer(form)
    deeds.request_redact(store().state, customer)
    return f"{customer.name or customer.email} is to be forgotten."


def redact_shop(form: Form) -> str:
    shop = _shop(form)
    deeds.request_shop_redact(store().state, shop.domain)
    return f"The data of {shop.name} is to be erased."


def consent(form: Form) -> str:
    customer = deeds.edit_consent(store().state, _customer(form), form["word"])
    return f"{customer.name or customer.email}: {form['word'].replace('_', ' ')}."


def uninstall(form: Form) -> str:
    shop = _shop(form)
    deeds.uninstall(store().state, shop.domain)
    return f"The app is gone from {shop.name}."


def rotate(form: Form) -> str:
    running = store()
    running.secrets.rotate(secrets.token_hex(16), running.state.now())
    return f"The new secret is {running.secrets.current}. Start the app with it and with the old one."


def revoke(form: Form) -> str:
    store().secrets.revoke_old()
    return "Only the newest secret counts now."


def _order(form: Form) -> Order:
    return store().state.orders[int(form["order_id"])]


def _return(form: Form) -> Return:
    id = int(form["return_id"])
    order = store().state.order_of(id)
    found = next((back for back in order.returns if back.id == id), None) if order else None
    if found is None:
        raise LookupError("This return does not exist.")
    return found


def _customer(form: Form) -> Customer:
    return store().state.customers[int(form["customer_id"])]


def _shop(form: Form) -> Shop:
    return store().state.shops[form["shop"]]


def _parcel(form: Form) -> Fulfillment:
    found = store().state.fulfillment(int(form["fulfillment_id"]))
    if found is None:
        raise LookupError("This parcel does not exist.")
    return found


def _pieces(form: Form) -> list[tuple[int, int]]:
    lines = [(key.removeprefix("line-"), value) for key, value in form.items() if key.startswith("line-")]
    return [(int(id), int(pieces)) for id, pieces in lines if pieces.isdigit() and int(pieces)]


def _promised(form: Form) -> datetime | None:
    """The day the carrier promises: so many days from now, None when nothing was said."""
    days = form.get("arrives", "")
    return store().state.now() + timedelta(days=int(days)) if days.isdigit() else None


def _value(form: Form, name: str, before: float | bool) -> float | bool:
    if isinstance(before, bool):
        return name in form
    return float(form.get(name) or 0)


DEEDS: dict[str, Callable[[Form], str]] = {
    deed.__name__: deed
    for deed in (
        *(pay, cancel, archive, request_link, fulfil, scan, cancel_parcel, delete_scan, refund, request_return),
        *(file_return, approve_return, decline_return, cancel_return, close_return, reopen_return),
        *(send_back, take_in, settle_return),
        *(scenario, forward, faults, calm, replay),
        *(data_request, redact_customer, redact_shop, consent, uninstall, rotate, revoke),
    )
}
"""By the word in the address of the button."""
