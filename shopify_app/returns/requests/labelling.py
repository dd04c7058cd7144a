"""The label for the way back: promised, given, running out, asked for anew."""

from base64 import b64encode
from datetime import date, datetime, time, timedelta

from shopify_app import clock, karrio
from shopify_app.db import transaction
from shopify_app.language import zone
from shopify_app.returns.models import APPROVED, Request
from shopify_app.returns.papers import File
from shopify_app.returns.policy import policies
from shopify_app.returns.policy.terms import SHOP
from shopify_app.returns.requests import effects, keeping, lookup
from shopify_app.shopify.models import Shop
from shopify_app.sources import source

UNDER_WAY = (
    "carrier_picked_up",
    "in_transit",
    "out_for_delivery",
    "ready_for_pickup",
    "delayed",
    "attempted_delivery",
)
ARRIVED = ("delivered", "picked_up")
"""Of a parcel, in Shopify's words."""
FIRST = timedelta(hours=6)
"""After a label was given its carrier is asked for the first time."""
NOTICE, MORNING = timedelta(days=3), time(9)
"""So long before its last day the buyer is told that a label runs out, at this hour of the shop's."""


def is_under_way(request: Request) -> bool:
    """Whether its carrier has had the parcel, or even brought it."""
    return (request.content.get("way") or {}).get("status") in (*UNDER_WAY, *ARRIVED)


def last_day(request: Request) -> date | None:
    """Of its label; None: there is none, or it holds for good."""
    given = (request.content.get("label") or {}).get("until")
    return date.fromisoformat(given) if given else None


def is_expired(shop: Shop, request: Request) -> bool:
    last = last_day(request)
    return last is not None and today(shop) > last


def today(shop: Shop) -> date:
    return clock.now().astimezone(zone(shop.timezone)).date()


def promise(shop: Shop, request: Request) -> None:
    """On approval, in its transaction: by most shops' terms the buyer is now owed a label."""
    is_owed = policies.version(shop, request.policy_version).label == SHOP and not request.content.get("label")
    items = lookup.items(shop, [request.id])[request.id]
    request.needs_label = is_owed and keeping.comes_back(items)
    if request.needs_label:
        _buy(shop, request)


def label(
    shop: Shop,
    request_id: int,
    user: str,
    file: File | None,
    number: str | None,
    url: str | None,
    until: date | None = None,
    carrier: str | None = None,
) -> bool:
    """The buyer's way to send it back; mailed once Shopify has it, a new one takes the old one's place.

    number, url: of the parcel, at the carrier; without a file and a number the url is of the label itself. until: its
    last day, in the shop's zone. carrier: whom the parcel can be asked of, as they are named in sources/. False when
    nothing is to come back (any more).
    """
    with transaction():
        request = lookup.get(shop, request_id, is_locked=True)
        if request is None or request.state != APPROVED:
            return False
        give(shop, request, user, file, number, url, until, carrier)
        return True


def give(
    shop: Shop,
    request: Request,
    by: str,
    file: File | None,
    number: str | None,
    url: str | None,
    until: date | None = None,
    carrier: str | None = None,
) -> None:
    """As `label`, in a transaction."""
    written = effects.write(request, by, "labelled", number=number, url=url)
    last = until.isoformat() if until else None
    kept = {"number": number, "carrier": carrier, "carrier_url": url, "until": last, "entry": written.id}
    flags = [flag for flag in request.content.get("flags") or [] if not flag.startswith("buy_label")]
    request.content = request.content | {"label": kept, "flags": flags, "way": None}
    request.is_flagged = bool(flags)
    request.needs_label = False
    picture = {"type": file[0], "bytes": b64encode(file[1]).decode()} if file else None
    effects.order(request, "label", by, str(written.id), file=picture, number=number, url=url)
    if until is not None:
        effects.order(request, "expiring", effects.CLOCK, str(written.id), _noticed_at(shop, until))
    _follow(request)


def paid(request: Request, shipment: str) -> None:
    """In the transaction that gave it: the label was bought, as this shipment of karrio's."""
    request.content = request.content | {"label": request.content["label"] | {"shipment": shipment}}


def spare(request: Request) -> None:
    """In a transaction that calls the return off: a bought label that nobody has used is given back."""
    label = request.content.get("label") or {}
    if "shipment" in label and not is_under_way(request):
        effects.order(request, "return_label", effects.RULE, str(label["entry"]), shipment=label["shipment"])


def noted(
    request: Request, by: str, file_url: str | None, number: str | None, url: str | None, carrier: str | None
) -> None:
    """In a transaction: Shopify has a label that was not given here. `url`: of the parcel, at its carrier."""
    written = effects.write(request, by, "labelled", number=number, url=url)
    kept = {"url": file_url, "number": number, "carrier": carrier, "carrier_url": url, "until": None}
    request.content = request.content | {"label": kept | {"entry": written.id}}
    request.needs_label = False
    _follow(request)


def carried(request: Request, carrier: str) -> None:
    """In a transaction: staff gave a number, and Shopify knows whose it is."""
    request.content = request.content | {"label": request.content["label"] | {"carrier": carrier}}
    _follow(request)


def _follow(request: Request) -> None:
    """Where its carrier can be asked: the parcel of the label that was given last."""
    at, label, now = source(), request.content["label"], clock.now()
    if at is not None and label["number"] and at.knows(label["carrier"]):
        which = str(label["entry"])
        effects.order(request, "follow", effects.CLOCK, which, now + FIRST, since=now.isoformat())


def may_ask(shop: Shop, request: Request) -> bool:
    """Whether the buyer can ask for another label: theirs has run out, and nobody is at it."""
    is_free = request.state == APPROVED and not (request.needs_label or is_under_way(request))
    return is_free and is_expired(shop, request)


def ask_again(shop: Shop, request_id: int) -> bool:
    """The buyer's label has run out before the parcel was sent; once for each label."""
    with transaction():
        request = lookup.get(shop, request_id, is_locked=True)
        if request is None or not may_ask(shop, request):
            return False
        request.needs_label = True
        asked = effects.write(request, effects.BUYER, "label_asked")
        _buy(shop, request, str(asked.id))
        return True


def _buy(shop: Shop, request: Request, which: str = "") -> None:
    """Where the merchant wants that and somebody sells labels; else staff give one."""
    _, terms = policies.current(shop)
    if terms.buying.is_on and karrio.server() is not None:
        effects.order(request, "buy_label", effects.RULE, which)


def _noticed_at(shop: Shop, until: date) -> datetime:
    return datetime.combine(until - NOTICE, MORNING, zone(shop.timezone))
