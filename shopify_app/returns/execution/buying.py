"""The shop's label is bought by itself: from the buyer to where the goods were sent from, paid by the shop.

What goes wrong there stops nothing else: staff read what the carrier says and can give a label of their own, or have it
tried again; the buyer reads that the label is coming.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from shopify_app import clock, faults, karrio, work
from shopify_app.db import transaction
from shopify_app.karrio import Refused, Server, Throttled, Unauthorized, Unavailable
from shopify_app.orders import read
from shopify_app.orders.facts import moment
from shopify_app.orders.models import Order
from shopify_app.returns import codes
from shopify_app.returns.execution import carriers, steps, there
from shopify_app.returns.execution.carriers import Bought
from shopify_app.returns.execution.there import Node
from shopify_app.returns.models import APPROVED, DONE, Request, Step
from shopify_app.returns.policy import policies
from shopify_app.returns.policy.terms import Buying
from shopify_app.returns.requests import labelling
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.models import Shop

NO_CARRIER, NO_KEY, NO_PLACE, NO_ADDRESS = "no_carrier", "no_key", "no_place", "no_address"
SAID = "said"
"""Errors of our own: nobody sells labels (any more); our key opens nothing there; Shopify does not tell where the goods
came from, or we do not know where the buyer lives; the carrier said what is wrong (the step's `said`)."""
UNSURE = timedelta(minutes=2)
"""So long a purchase whose answer never came may still be under way there."""
SLOW = {"timeout": (3, 15), "patience": 18}
"""Carriers take their time; a worker that is told to stop has 20 seconds."""
GRAMS = {
    "GRAMS": Decimal(1),
    "KILOGRAMS": Decimal(1000),
    "OUNCES": Decimal("28.349523125"),
    "POUNDS": Decimal("453.59237"),
}


def buy(step: Step, shop: Shop, request: Request) -> None:
    """Once, however often it is tried: what was bought under the step's reference is taken as it is."""
    if request.state != APPROVED or not request.needs_label:
        work.finish(step, "not_needed")
        return
    buying = policies.current(shop)[1].buying
    _ask(step, lambda server: _buy(step, shop, request, server, buying))


def give_back(step: Step, shop: Shop, request: Request) -> None:
    """The return was called off before its bought label was used: what it cost comes back, where the carrier agrees."""
    _ask(step, lambda server: _give_back(step, shop, server))


def _ask(step: Step, do: Callable[[Server], None]) -> None:
    sold = karrio.server()
    if sold is None:
        steps.refuse(step, NO_CARRIER)
        return
    try:
        do(Server(sold.url, sold.key, **SLOW))  # type: ignore[arg-type]
    except Throttled as error:
        work.again(step, clock.now() + timedelta(seconds=error.wait))
    except Unauthorized:
        steps.refuse(step, NO_KEY)
    except Refused as error:
        steps.learn(step, said=error.sentence, sent_at=None)
        steps.refuse(step, SAID)
    except Unavailable:
        work.fail(step, "karrio_away")


def _give_back(step: Step, shop: Shop, server: Server) -> None:
    shipment = carriers.get(server, step.content["shipment"])
    if not carriers.is_gone(shipment):
        carriers.void(server, shipment)
    with transaction():
        steps.done(step, shop, steps.locked(shop, step), word="label_returned")


def _buy(step: Step, shop: Shop, request: Request, server: Server, buying: Buying) -> None:
    reference = f"{codes.code(shop, request.id)}-{step.id}"
    shipment = carriers.find(server, reference)
    if shipment is None or not carriers.is_bought(shipment):
        sent_at = moment(step.content.get("sent_at"))
        if sent_at is not None and clock.now() < sent_at + UNSURE:
            work.again(step, sent_at + UNSURE)
            return
        if shipment is not None:
            # An address may have been put right since.
            carriers.void(server, shipment)
        wanted = _wanted(step, shop, request, buying)
        if wanted is None:
            return
        shipment = carriers.draft(server, wanted | {"reference": reference})
        faults.point("label_drafted")
        steps.learn(step, sent_at=clock.now().isoformat())
        shipment = carriers.buy(server, shipment, buying.service)
        faults.point("label_bought")
    _record(step, shop, server, shipment, carriers.fetch(server, shipment), buying)


def _record(step: Step, shop: Shop, server: Server, shipment: Node, bought: Bought, buying: Buying) -> None:
    """From here on it goes the way of every label. Where staff were faster, or it is called off, it is given back."""
    with transaction():
        request = steps.locked(shop, step)
        is_wanted = request.state == APPROVED and request.needs_label
        if is_wanted:
            until = labelling.today(shop) + timedelta(days=buying.days) if buying.days else None
            labelling.give(shop, request, step.by, bought.file, bought.number, bought.url, until, bought.carrier)
            labelling.paid(request, shipment["id"])
            work.finish(step, DONE)
    if not is_wanted:
        carriers.void(server, shipment)
        work.finish(step, "not_needed")


def _wanted(step: Step, shop: Shop, request: Request, buying: Buying) -> Node | None:
    """What is to be carried; None: it is not known, and the step has ended so.

    Karrio's `is_return` stays out: it chooses another product of those carriers that have one, and older servers do not
    know it. A parcel from the buyer to the shop is what every carrier understands.
    """
    order, facts = read.get(shop, request.order_id), _facts(shop, request)
    here = order and _home(order)
    if here is None:
        steps.refuse(step, NO_ADDRESS)
        return None
    place = _place(facts)
    if place is None:
        steps.refuse(step, NO_PLACE)
        return None
    weight = float(round((_grams(facts) or Decimal(buying.grams)) / 1000, 3))
    return {
        "shipper": here,
        "recipient": _shop(shop, place),
        "parcels": [{"weight": weight, "weight_unit": "KG"}],
        "services": [buying.service] if buying.service else [],
        "label_type": "PDF",
    }


def _facts(shop: Shop, request: Request) -> Node:
    found: Node = AdminApi(shop).run("returns/way_back", id=there.gid(request.return_id or 0))["return"] or {}
    return found


def _home(order: Order) -> Node | None:
    """Where the buyer got it."""
    given: Mapping[str, str | None] = order.person["address"] or {}
    name = given.get("name") or " ".join(filter(None, (given.get("first_name"), given.get("last_name"))))
    about = {
        "person_name": name,
        "company_name": given.get("company"),
        "phone_number": given.get("phone") or order.person["phone"],
        "email": order.person["email"],
        "residential": True,
    }
    return _address(about, given, "province_code", "country_code") if _is_whole(given, "country_code") else None


def _shop(shop: Shop, place: Node) -> Node:
    about = {
        "person_name": place["name"],
        "company_name": shop.name or shop.domain,
        "phone_number": place["address"].get("phone"),
        "email": shop.email,
    }
    return _address(about, place["address"], "provinceCode", "countryCode")


def _address(about: Node, given: Mapping[str, Any], province: str, country: str) -> Node:
    lines = {"address_line1": "address1", "address_line2": "address2", "city": "city", "postal_code": "zip"}
    lines |= {"state_code": province, "country_code": country}
    told = about | {theirs: given.get(name) for theirs, name in lines.items()}
    return {name: value for name, value in told.items() if value}


def _is_whole(given: Mapping[str, Any], country: str) -> bool:
    return all(given.get(name) for name in ("address1", "city", country))


def _place(facts: Node) -> Node | None:
    """Where these goods were sent from; else where anything of the order was. None: Shopify does not say."""
    lines = {one["fulfillmentLineItem"]["id"] for one in facts["returnLineItems"]["nodes"] if one} if facts else set()
    parcels = facts["order"]["fulfillments"] if facts else []

    def is_theirs(parcel: Node) -> bool:
        return any(line["id"] in lines for line in parcel["fulfillmentLineItems"]["nodes"])

    places = [one["location"] for one in sorted(parcels, key=is_theirs, reverse=True) if one["location"]]
    return next((one for one in places if _is_whole(one["address"], "countryCode")), None)


def _grams(facts: Node) -> Decimal | None:
    """Of all that comes back; None when Shopify does not know it of every piece."""
    weights = [one.get("totalWeight") for one in facts["returnLineItems"]["nodes"] if one]
    known = [Decimal(str(one["value"])) * GRAMS[one["unit"]] for one in weights if one and one["value"]]
    return sum(known, Decimal()) if known and len(known) == len(weights) else None
