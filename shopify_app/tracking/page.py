"""What the page of one order shows, put into the words of its language.

Whoever has a link may see it, so it tells no more of the buyer than the level of proof allows: with an old link no
tracking number and no town, with a fresh one both, and name, address, e-mail and payment to the buyer alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any, NamedTuple
from urllib.parse import quote

from shopify_app import addresses, clock, postal, zones
from shopify_app.language import Language, speak, words, zone
from shopify_app.orders import doors, sayings, way_back
from shopify_app.orders.doors import Door
from shopify_app.orders.models import Line, ParcelEvent, Refund, Return
from shopify_app.orders.proof import Level
from shopify_app.orders.read import Whole
from shopify_app.orders.way_back import WayBack
from shopify_app.shopify.models import Shop
from shopify_app.tracking import inquiries, payment, promises, texts
from shopify_app.tracking import scans as carrier
from shopify_app.tracking.sentence import Part, headline, parts
from shopify_app.tracking.state import Parcel, Progress, progress
from shopify_app.tracking.texts import Texts

STEPS = {
    "paid": words("Ordered"),
    "packing": words("Packed"),
    "moving": words("On its way"),
    "arrived": words("Arrived"),
}
DELAYED = {
    "late": words("Later than promised"),
    "silent": words("No news for days"),
    "uncollected": words("Not collected yet"),
}
NEWEST = 4
"""Events of a parcel that are shown at once; older ones open by a click."""


@dataclass(frozen=True, slots=True)
class Step:
    """One parcel event."""

    words: str
    message: str | None
    """The carrier's own words, in whatever language."""
    time: str
    iso: str
    place: str


class Action(NamedTuple):
    words: str
    url: str


class Details(NamedTuple):
    """What only the buyer sees."""

    name: str
    address: Sequence[str]
    email: str | None
    phone: str | None
    payment: str


RETURNS: Mapping[str, str] = {
    "requested": words("We have your request and look into it."),
    "open": words("Agreed: please send it back."),
    "declined": words("We could not agree to it."),
    "canceled": words("It was called off."),
    "closed": words("Done."),
}
"""How a return stands, by Shopify's word for it."""


class Told(NamedTuple):
    words: str
    by: str


class Sum(NamedTuple):
    words: str
    amount: str
    is_total: bool


def of(shop: Shop, whole: Whole, voice: str, level: Level) -> "OrderPage":
    """The page as it is now. `voice`: as from Shop.voice."""
    found, language = progress(whole, shop, clock.now()), speak(voice)
    return OrderPage(
        found,
        language,
        shop,
        level,
        promises.first(shop, whole.order.id),
        inquiries.answered(shop, whole.order.id),
        texts.filled(texts.of(shop, language, found.state), shop, whole.order.placed_at, language),
        doors.of(shop, whole, language),
        way_back.of(shop, whole, language, level),
    )


@dataclass(frozen=True, slots=True)
class OrderPage:
    progress: Progress
    language: Language
    shop: Shop
    level: Level
    promised: Mapping[int, date]
    """Shipment → the day that was promised first."""
    answered: Mapping[int, datetime]
    """Shipment → when its carrier last answered us."""
    texts: Texts
    """Questions and guide of this stage."""
    doors: Sequence[Door]
    """What else can be done with the order."""
    way_back: WayBack

    @property
    def headline(self) -> str:
        return headline(self.progress, self.language)

    @property
    def parts(self) -> Sequence[Part]:
        """A sentence for each part of the order; empty when the headline has said it all."""
        told = parts(self.progress, self.language)
        return told if len(told) > 1 else ()

    @property
    def action(self) -> Action | None:
        """The one thing to do at this moment: follow what is under way, else write to the shop; None: neither is
        possible.
        """
        under_way = (parcel for parcel in self.progress.parcels if parcel.scan.state != "arrived")
        urls = [tracking.get("url") for parcel in under_way for tracking in self.numbers(parcel)]
        if url := next((url for url in urls if addresses.web(url)), None):
            return Action(self.language.t("Track it at the carrier"), url)
        return Action(self.language.t("Write to us about it"), self.contact) if self.contact else None

    @property
    def guide(self) -> Sequence[str]:
        """What happens next; nothing for an order that has ended otherwise."""
        return () if self.progress.is_over else self.texts.guide

    @property
    def details(self) -> Details | None:
        """None for who has not proven to be the buyer."""
        if self.level != "verified":
            return None
        order, person = self.progress.order, self.progress.order.person
        return Details(
            " ".join(filter(None, (person["first_name"], person["last_name"]))),
            postal.lines(person["address"], self.language),
            person["email"],
            person["phone"],
            self.language.listed([payment.named(gateway, self.language) for gateway in order.gateways if gateway]),
        )

    @property
    def contact(self) -> str | None:
        return letter(self.shop, self.language.t("Order {name}", name=self.progress.order.name))

    @property
    def returns(self) -> Sequence[Return]:
        """Those of Shopify's of which nothing more is known."""
        told = {journey.return_id for journey in self.way_back.journeys}
        return [one for one in self.progress.whole.returns if one.id not in told]

    @property
    def terms(self) -> str:
        """Of sending something back, as they held when this was bought."""
        return sayings.filled("{returns}", self.shop, self.progress.order.placed_at, self.language)

    def numbers(self, parcel: Parcel) -> Sequence[Mapping[str, Any]]:
        """Tracking numbers and links, which lead to a person's door; none with an old link."""
        return parcel.shipment.tracking if self.level != "unverified" else ()

    def returned(self, one: Return) -> str:
        return self.language.t(RETURNS.get(one.status, RETURNS["requested"]))

    @property
    def zone(self) -> tzinfo:
        return self.progress.zone

    @property
    def ordered(self) -> str:
        return self.language.date(self.progress.order.placed_at, self.zone)

    @property
    def destination(self) -> str:
        """Town and country; nothing with an old link."""
        if self.level == "unverified":
            return ""
        address: Mapping[str, Any] = self.progress.order.person["address"] or {}
        return ", ".join(filter(None, (address.get("city"), self.language.country(self.progress.order.country))))

    @property
    def steps(self) -> Sequence[tuple[str, bool]]:
        """The way of an order, and how far this one has come; empty when it has left that way."""
        state = self.progress.state
        if state == "problem" or self.progress.is_refunded:
            return []
        reached = list(STEPS).index(state)
        return [(self.language.t(text), place <= reached) for place, text in enumerate(STEPS.values())]

    def price(self, line: Line) -> str:
        """Of all its pieces, before discounts."""
        return self.language.money(line.price * line.quantity, self.progress.order.currency)

    def picture(self, line: Line) -> str | None:
        """Twice as wide as it is shown, for dense screens."""
        return addresses.picture(self.progress.whole.picture(line), 128)

    @property
    def sums(self) -> Sequence[Sum]:
        """What was taken off and added, the total, what of it is tax (in the prices or on top), what went back."""
        order, t = self.progress.order, self.language.t
        is_changed = any(line.current_quantity != line.quantity for line in self.progress.whole.lines)
        rows = [
            (t("Discounts"), -order.discounts, order.currency),
            (t("Shipping"), order.shipping, order.currency),
            (total := t("Total after changes") if is_changed else t("Total"), order.total, order.currency),
            (t("of which taxes"), order.tax, order.currency),
            *((self._refunded(refund), refund.amount, refund.currency) for refund in self.progress.whole.refunds),
        ]
        return [
            Sum(text, self.language.money(amount, currency), is_total=text == total)
            for text, amount, currency in rows
            if amount or text == total
        ]

    def _refunded(self, refund: Refund) -> str:
        return self.language.t("Refunded on {date}", date=self.language.day(refund.created_at, self.zone))

    def title(self, parcel: Parcel) -> str:
        total = len(self.progress.parcels)
        if total == 1:
            return self.language.t("Your parcel")
        number = self.progress.parcels.index(parcel) + 1
        return self.language.t("Parcel {number} of {total}", number=number, total=total)

    def status(self, parcel: Parcel) -> str:
        return self.language.t(DELAYED[parcel.delay.situation] if parcel.delay else parcel.scan.words)

    def expected(self, parcel: Parcel | None = None) -> Told | None:
        """The day and who says so, of a parcel, or of an order of which nothing has been sent."""
        expected = self.progress.standing(parcel) if parcel else self.progress.ahead
        if expected is None:
            return None
        by = words("says the carrier") if expected.by == "carrier" else words("our estimate")
        return Told(self.language.date(expected.at, self.zone), self.language.t(by))

    def promised_first(self, parcel: Parcel) -> str | None:
        """The day that was told first, when it comes or came later than that."""
        day = self.promised.get(parcel.shipment.id)
        last = parcel.arrival.happened_at if parcel.arrival else parcel.expected_at
        if day is None or last is None or self.progress.day(last) <= day:
            return None
        return self.language.date(datetime.combine(day, time(12), self.zone), self.zone)

    def arrived(self, parcel: Parcel) -> str | None:
        """When it arrived, at the place; None when it has not, or nobody told us when."""
        arrival = parcel.arrival
        return self.language.time(arrival.happened_at, self._where(arrival)) if arrival else None

    def age(self, parcel: Parcel) -> Sequence[str]:
        """How old the newest news is and who told it, and when its carrier was last asked; nothing once it is there."""
        told: list[str] = []
        now, t = self.progress.now, self.language.t
        if parcel.scan.state == "arrived":
            return told
        if parcel.events:
            newest = parcel.events[0]
            through, by = (
                words("Newest news: {ago}, told through Shopify"),
                words("Newest news: {ago}, told by {carrier}"),
            )
            ago = self.language.ago(newest.happened_at, now)
            told.append(t(by if newest.asked_of else through, ago=ago, carrier=parcel.shipment.carrier))
        if answered := self.answered.get(parcel.shipment.id):
            told.append(t("Carrier last asked: {ago}", ago=self.language.ago(answered, now)))
        return told

    def scans(self, parcel: Parcel) -> Sequence[Step]:
        """Newest first."""
        return [self._step(event) for event in parcel.events]

    def _step(self, event: ParcelEvent) -> Step:
        scan = carrier.read(event)
        local = event.happened_at.astimezone(self._where(event))
        return Step(
            words=self.language.t(scan.words if scan else carrier.UNKNOWN),
            message=self._message(event),
            time=self.language.time(event.happened_at, self._where(event)),
            iso=local.isoformat(timespec="minutes"),
            place=self._place(event),
        )

    def _where(self, event: ParcelEvent) -> tzinfo:
        return zones.at(event.place, event.happened_at, zone(self.shop.timezone))

    def _place(self, event: ParcelEvent) -> str:
        code = zones.country(event.place.get("country"))
        country = self.language.country(code) if code else event.place.get("country")
        return ", ".join(filter(None, (event.place.get("city"), country)))

    def _message(self, event: ParcelEvent) -> str | None:
        """Not when it names the buyer: drivers write down who signed, and at which door."""
        message: str | None = event.place.get("message")
        person = self.progress.order.person
        address: Mapping[str, Any] = person["address"] or {}
        told = (
            person["last_name"],
            person["email"],
            person["phone"],
            address.get("last_name"),
            address.get("address1"),
        )
        if message and any(str(one).casefold() in message.casefold() for one in told if one):
            return None
        return message


def letter(shop: Shop, subject: str) -> str | None:
    """The address by which a visitor writes to the shop; None where we know none."""
    return f"mailto:{shop.email}?subject={quote(subject)}" if shop.email else None
