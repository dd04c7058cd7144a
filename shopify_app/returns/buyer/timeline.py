"""What a buyer sees of a return: how far it came, what comes next, and what there is to do."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from shopify_app import addresses, clock
from shopify_app.language import Language, words, zone
from shopify_app.orders import way_back
from shopify_app.orders.doors import Door
from shopify_app.orders.facts import moment
from shopify_app.orders.proof import Level
from shopify_app.orders.read import Whole
from shopify_app.orders.way_back import Journey, Link, Stop, WayBack
from shopify_app.returns import requests
from shopify_app.returns.buyer import banks, slip
from shopify_app.returns.models import (
    APPROVED,
    ASKED,
    CANCELLED,
    CLOSED,
    CREDIT,
    DECLINED,
    EXCHANGE,
    RECEIVED,
    REFUNDED,
    WAITING,
    WITHDRAWAL,
    Entry,
    Item,
    Request,
)
from shopify_app.returns.policy import windows
from shopify_app.returns.requests import keeping, labelling
from shopify_app.shopify.models import Shop

STATUS: Mapping[str, str] = {
    ASKED: words("We have your request and look into it."),
    WAITING: words("We have your request and look into it."),
    APPROVED: words("Agreed: please send it back."),
    RECEIVED: words("It is back with us."),
    REFUNDED: words("Done."),
    DECLINED: words("We could not agree to it."),
    CANCELLED: words("It was called off."),
    CLOSED: words("Done."),
}
REJECTED = words("We looked at it and could not accept it.")
KEPT = words("Agreed: you may keep it.")
WITHDRAWN: Mapping[str, str] = {
    ASKED: words("We have received your withdrawal."),
    WAITING: words("We have received your withdrawal."),
    APPROVED: words("We have received your withdrawal."),
}


@way_back.tells
def of_order(shop: Shop, whole: Whole, language: Language, level: Level) -> WayBack:
    asked = requests.of_order(shop, whole.order.id)
    items = requests.items(shop, [one.id for one in asked])
    is_proven = level == "verified"
    journeys = [_journey(shop, whole, one, items[one.id], language, is_proven) for one in asked]
    return WayBack(journeys, _doors(whole, language))


def journey(shop: Shop, whole: Whole, request: Request, language: Language) -> Journey:
    """For the buyer."""
    return _journey(shop, whole, request, requests.items(shop, [request.id])[request.id], language, True)


def _doors(whole: Whole, language: Language) -> list[Door]:
    """The law's way stands beside the shop's own, under the name that the law gives it, and never goes away."""
    t, found = language.t, []
    if whole.order.cancelled_at is not None:
        return []
    if whole.shipments:
        found.append(Door(t("Send something back"), "return"))
    if whole.order.country in windows.EEA:
        note = t("By law, within 14 days after the last item came, without giving a reason.")
        found.append(Door(t("Withdraw from the contract here"), "withdrawal", note))
    return found


def _journey(
    shop: Shop, whole: Whole, request: Request, items: Sequence[Item], language: Language, is_proven: bool
) -> Journey:
    where, path = zone(shop.timezone), f"return/requests/{request.id}"
    log = {entry.word: entry for entry in requests.entries(shop, request.id)}
    is_rejected = "rejected" in log
    return Journey(
        return_id=request.return_id,
        name=request.name or language.t("Request {number}", number=request.id),
        status=language.t(REJECTED) if is_rejected and request.state == CLOSED else _status(request, items, language),
        items=[_item(item, whole, language) for item in items],
        stops=[
            Stop(language.t(text), language.day(at, where) if at else None, is_reached)
            for text, at, is_reached in _stops(request, items, log, whole)
        ],
        told=(
            [
                *_told(request, items, language),
                *_label(shop, request, items, language),
                *_rejected(shop, items, language),
            ]
            if is_proven
            else []
        ),
        links=list(_links(shop, request, language)) if is_proven else [],
        path=path,
        slip=f"{path}/slip" if is_proven and slip.is_offered(request, items) else None,
    )


def _status(request: Request, items: Sequence[Item], language: Language) -> str:
    if request.kind == WITHDRAWAL and request.state in WITHDRAWN:
        return language.t(WITHDRAWN[request.state])
    if request.state in (APPROVED, RECEIVED) and keeping.is_all(items):
        return language.t(KEPT)
    return language.t(STATUS[request.state])


def _item(item: Item, whole: Whole, language: Language) -> str:
    line = next((one for one in whole.lines if one.id == item.line_id), None)
    title = line.title if line else item.content.get("title") or ""
    told = f"{item.quantity} × {title}"
    if item.outcome == EXCHANGE and (wanted := item.content.get("variant")):
        return language.t("{item}, to be exchanged for {wanted}", item=told, wanted=wanted)
    return told


def _stops(
    request: Request, items: Sequence[Item], log: Mapping[str, Entry], whole: Whole
) -> Iterator[tuple[str, datetime | None, bool]]:
    """Text, when, and whether it has come to that."""
    is_withdrawal = request.kind == WITHDRAWAL
    yield words("Withdrawal received") if is_withdrawal else words("Request received"), request.asked_at, True
    if request.state in (DECLINED, CANCELLED):
        text = words("Declined") if request.state == DECLINED else words("Called off")
        yield text, request.decided_at if request.state == DECLINED else request.state_at, True
        return
    yield words("Agreed"), request.decided_at, request.decided_at is not None
    if keeping.comes_back(items):
        if labelled := log.get("labelled"):
            yield words("Label for the way back"), labelled.at, True
        if sent := log.get("under_way"):
            yield words("On its way back to us"), _happened(sent), True
        back = _happened(log["back"]) if "back" in log else request.received_at
        yield words("Back with us"), back, back is not None
        is_inspected = back is not None and not any(item.uninspected for item in items) and request.received_at
        inspected = log["inspected"].at if "inspected" in log else request.received_at
        yield words("Inspected"), inspected if is_inspected else None, bool(is_inspected)
    if "rejected" not in log:
        yield from _money(request, items, whole)


def _happened(entry: Entry) -> datetime:
    """Not when we heard of it."""
    return moment(entry.content.get("happened_at")) or entry.at


def _money(request: Request, items: Sequence[Item], whole: Whole) -> Iterator[tuple[str, datetime | None, bool]]:
    outcomes, at = {item.outcome for item in items}, request.refunded_at
    if EXCHANGE in outcomes:
        yield words("Exchange under way to you"), at, at is not None
    if outcomes == {EXCHANGE} and not (request.refunded or request.expected):
        return
    if outcomes <= {CREDIT, EXCHANGE}:
        yield words("Store credit ready to use"), at, at is not None
        return
    yield words("Refund issued"), at, at is not None
    by = banks.arrival(at, whole.order.gateways) if at else None
    yield words("Usually on your account"), by, by is not None and by <= clock.now()


def _told(request: Request, items: Sequence[Item], language: Language) -> Iterator[str]:
    content, t = request.content, language.t
    if request.state == DECLINED and content.get("message"):
        yield t("We wrote to you: “{message}”", message=content["message"])
    if request.is_buyers_turn and content.get("question"):
        yield t("We have a question: “{question}”", question=content["question"])
    if request.kind == WITHDRAWAL and request.state == APPROVED and keeping.comes_back(items):
        yield t("What has been delivered goes back to us within 14 days.")
    if request.state in (APPROVED, RECEIVED) and request.refunded_at is None and not any(one.rejected for one in items):
        yield _when(request, items, language)
    if request.refunded:
        yield t("Paid back: {amount}", amount=language.money(request.refunded, request.currency))
    elif request.expected and request.state not in (DECLINED, CANCELLED, CLOSED):
        yield t("To be paid back: {amount}", amount=language.money(request.expected, request.currency))


def _rejected(shop: Shop, items: Sequence[Item], language: Language) -> Iterator[str]:
    """What, why, and what a buyer who sees it differently can do."""
    rejected, t = [item for item in items if item.rejected], language.t
    for item in rejected:
        what = f"{item.rejected} × {item.content.get('title') or item.line_id}"
        yield t("Not accepted: {item}. “{why}”", item=what, why=item.content.get("rejection") or "")
    if rejected and shop.email:
        yield t("If you see it differently, write to us: {email}", email=shop.email)


def _label(shop: Shop, request: Request, items: Sequence[Item], language: Language) -> Iterator[str]:
    """What there is to know of it as long as nothing has come back."""
    t, last = language.t, labelling.last_day(request)
    if request.state != APPROVED or not keeping.comes_back(items):
        return
    if labelling.is_under_way(request):
        yield from _seen(shop, request, language)
    elif labelling.is_expired(shop, request) and last is not None:
        yield t("Your label has run out: it could be used until {day}.", day=language.dated(last))
        if request.needs_label:
            yield t("You have asked for a new one: we send it by mail, and it appears here.")
        else:
            yield t("You can ask for a new one.")
    elif request.needs_label:
        yield t("Your label is coming: we send it by mail, and it appears here.")
    elif not request.content.get("label"):
        yield t("How to send it back stands in our message to you.")
    elif last is not None:
        yield t("Please use your label until {day}.", day=language.dated(last))


def _seen(shop: Shop, request: Request, language: Language) -> Iterator[str]:
    way, where = request.content["way"], zone(shop.timezone)
    at = moment(way["at"])
    if way["city"] and at:
        yield language.t("Your parcel was last seen in {city} on {day}.", city=way["city"], day=language.day(at, where))


def _when(request: Request, items: Sequence[Item], language: Language) -> str:
    """The money goes back."""
    if keeping.comes_back(items):
        return language.t("The money goes back within a day after everything has come back to us.")
    if request.kind == WITHDRAWAL:
        return language.t("Nothing has to be sent back. The money goes back within 14 days.")
    return language.t("Nothing has to be sent back. The money goes back within a day.")


def _links(shop: Shop, request: Request, language: Language) -> Iterator[Link]:
    label: Mapping[str, Any] = request.content.get("label") or {}
    is_valid = request.state == APPROVED and not labelling.is_expired(shop, request)
    if is_valid and (url := addresses.web(label.get("url"))):
        yield Link(language.t("Open the label"), url)
    if url := addresses.web(label.get("carrier_url")):
        yield Link(language.t("Follow the parcel back to us"), url)
