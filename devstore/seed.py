"""Two believable shops with a past: Lumen Goods, and a second one whose order names are the same.

Nobody has installed the app yet, so its first import has work to do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from devstore import deeds, road
from devstore.places import TOWNS
from devstore.rates import FOR_ONE_EURO, rate
from devstore.records import Customer, Fulfillment, Order, Shop
from devstore.road import Pieces
from devstore.seed_catalogue import LUMEN, PEDAL, Goods
from devstore.state import State

MAIN = "lumen-goods.myshopify.com"
SECOND = "second-shop.myshopify.com"
Stop = tuple[int, str, str]
"""A scan: days after shipping, local time, what the carrier says."""

USUAL: list[Stop] = [
    (0, "16:40", "label_printed"),
    (0, "18:25", "carrier_picked_up"),
    (1, "03:12", "in_transit"),
    (2, "05:48", "in_transit"),
    (3, "08:21", "out_for_delivery"),
    (3, "13:37", "delivered"),
]
MISSED: Stop = (3, "14:10", "attempted_delivery")
JOURNEYS: dict[str, list[Stop]] = {
    "label_printed": USUAL[:1],
    "in_transit": USUAL[:4],
    "out_for_delivery": USUAL[:5],
    "delivered": USUAL,
    "delayed": [*USUAL[:4], (4, "10:05", "delayed")],
    "attempted_delivery": [*USUAL[:5], MISSED],
    "ready_for_pickup": [*USUAL[:5], MISSED, (4, "09:30", "ready_for_pickup")],
    "failure": [*USUAL[:5], MISSED, (4, "13:55", "attempted_delivery"), (6, "11:20", "failure")],
}
"""By how they end."""

PROMISES = ("carrier_picked_up", "in_transit", "delayed")
"""The scans that tell when the parcel should arrive."""


@dataclass
class Past:
    """One shop while its history is written. `goods` are its variants by "picture/variant"."""

    state: State
    shop: Shop
    now: datetime
    chance: Random
    goods: dict[str, int] = field(default_factory=dict)
    buyers: dict[str, Customer] = field(default_factory=dict)

    def ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def wanted(self, *names: str) -> list[tuple[int, int]]:
        """ "cup/Set of 2", or "2 x cup/Set of 2" for more than one."""
        split = [name.split(" x ", 1) if " x " in name else ["1", name] for name in names]
        return [(self.goods[name], int(pieces)) for pieces, name in split]

    def order(self, days: float, who: str, *names: str, currency: str | None = None, **more: Any) -> Order:
        """Bought so many days ago, in the shop's currency or in another."""
        own, paid_in = self.shop.currency, currency or self.shop.currency
        return deeds.place_order(
            self.state,
            self.shop.domain,
            self.wanted(*names),
            customer=self.buyers.get(who),
            presentment_currency=paid_in,
            exchange_rate=rate(own, paid_in),
            at=self.ago(days),
            **more,
        )

    def ship(self, order: Order, until: str, wait: float = 1, lines: Pieces | None = None) -> Fulfillment:
        """A parcel that has come this far. wait: days from the order to the shipping."""
        times = self._times(order.created_at + timedelta(days=wait), JOURNEYS[until])
        promised = times[0] + timedelta(days=3, hours=2)
        parcel = road.send(self.state, order, self.chance, lines, at=times[0])
        for (_, _, status), when in zip(JOURNEYS[until], times, strict=True):
            arrives = promised + timedelta(days=3 if status == "delayed" else 0)
            road.scan(self.state, order, parcel, status, arrives=arrives if status in PROMISES else None, at=when)
        return parcel

    def _times(self, shipped: datetime, journey: list[Stop]) -> list[datetime]:
        """When each scan happened; a journey that would end in the future is moved back, its last scan just made."""
        zone = ZoneInfo(self.shop.iana_timezone)
        day = shipped.astimezone(zone).date()
        jitter = timedelta(minutes=self.chance.randrange(50))
        times = [
            datetime.combine(day + timedelta(days=days), time.fromisoformat(clock), zone).astimezone(self.now.tzinfo)
            + jitter
            for days, clock, _ in journey
        ]
        late = max(timedelta(), times[-1] - self.ago(0.02))
        return [when - late for when in times]

    def gone(self, days: float, who: str, *names: str, until: str = "delivered", wait: float = 1, **more: Any) -> Order:
        """An order in one parcel that has come this far."""
        order = self.order(days, who, *names, **more)
        self.ship(order, until, wait)
        return order


Story = Callable[[Past], object]


def seed(state: State) -> None:
    """Fill an empty store; one that has shops is left alone."""
    if state.shops:
        return
    lumen = _open_lumen(state)
    for story in LUMEN_STORIES:
        story(lumen)
    pedal = _open_pedal(state)
    for story in PEDAL_STORIES:
        story(pedal)


def _open_lumen(state: State) -> Past:
    now = state.now()
    shop = deeds.add_shop(
        state,
        MAIN,
        "Lumen Goods",
        email="hello@lumen-goods.example.com",
        address=TOWNS["Strasbourg"].address("Lumen", "Goods", "12 quai des Tanneurs", "+33 1 99 00 12 34"),
        iana_timezone="Europe/Paris",
        presentment_currencies=[currency for currency in FOR_ONE_EURO if currency != "EUR"],
        at=now - timedelta(days=400),
    )
    past = Past(state, shop, now, Random(7))
    _stock(past, LUMEN)
    _befriend(past, LUMEN_BUYERS)
    return past


def _open_pedal(state: State) -> Past:
    now = state.now()
    shop = deeds.add_shop(
        state,
        SECOND,
        "Pedal & Pine",
        email="hello@pedal-and-pine.example.com",
        address=TOWNS["Bristol"].address("Pedal", "Pine", "3 Harbour Row", "+44 7700 900321"),
        currency="GBP",
        iana_timezone="Europe/London",
        presentment_currencies=("EUR",),
        at=now - timedelta(days=90),
    )
    past = Past(state, shop, now, Random(8))
    _stock(past, PEDAL)
    _befriend(past, PEDAL_BUYERS)
    return past


def _stock(past: Past, goods: Sequence[Goods]) -> None:
    titles = dict.fromkeys(title for item in goods for title in item.collections)
    made = {title: deeds.add_collection(past.state, past.shop, title, at=past.ago(80)).id for title in titles}
    for item in goods:
        product = deeds.add_product(
            past.state,
            past.shop.domain,
            item.title,
            item.variants(),
            collections=[made[title] for title in item.collections],
            at=past.ago(80),
            **item.more(),
        )
        past.goods |= {f"{item.subject}/{variant.title}": variant.id for variant in product.variants}


def _befriend(past: Past, buyers: Sequence[tuple[str, str, str, str, str, str | None, str]]) -> None:
    for name, locale, town, street, consent, phone, tags in buyers:
        first_name, last_name = name.split(" ", 1)
        past.buyers[first_name] = deeds.add_customer(
            past.state,
            past.shop.domain,
            f"{first_name}.{last_name}@example.com".lower(),
            first_name=first_name,
            last_name=last_name,
            phone=phone,
            locale=locale,
            address=TOWNS[town].address(first_name, last_name, street, phone),
            email_consent=consent,
            tags=tags.split(),
            at=past.ago(70),
        )


LUMEN_BUYERS = (
    ("Lea Martin", "fr", "Nantes", "8 rue des Carmes", "subscribed", "+33 6 39 98 12 34", "regular"),
    ("Jonas Weber", "de", "Hamburg", "Eppendorfer Weg 91", "not_subscribed", "+49 171 3920012", ""),
    ("Carmen Ruiz", "es", "Sevilla", "Calle Feria 27", "subscribed", None, "regular"),
    ("Emily Carter", "en", "Leeds", "14 Brudenell Road", "unsubscribed", "+44 7700 900123", ""),
    ("Noah Lindell", "en", "Portland", "1120 NW Couch Street", "pending", "+1 503-555-0142", ""),
    ("Yuki Tanaka", "en", "Osaka", "2-5-8 Umeda, Kita-ku", "subscribed", None, "wholesale"),
    ("Camille Bernard", "fr", "Liège", "3 rue Saint-Gilles", "not_subscribed", None, ""),
    ("Anna Hofer", "de", "Graz", "Griesgasse 11", "subscribed", None, "regular"),
    ("Mateo Vidal", "es", "Valencia", "Carrer de Cuba 40", "not_subscribed", None, ""),
    ("Sofia Keller", "de", "Zürich", "Langstrasse 70", "unsubscribed", None, ""),
)
"""Name, language, town, street, e-mail consent, phone (from the ranges kept for fiction), tags."""

PEDAL_BUYERS = (
    ("Lea Martin", "fr", "Nantes", "8 rue des Carmes", "not_subscribed", None, ""),
    ("Oliver Hughes", "en", "Bristol", "22 Gloucester Road", "subscribed", "+44 7700 900456", ""),
)


def _sent_back(past: Past) -> None:
    order = past.gone(46, "Emily", "cup/Set of 2", currency="GBP")
    cup = [(order.lines[0].id, 1)]
    asked = deeds.request_return(
        past.state, order, cup, definition="damaged", customer_note="One cup has a crack", at=past.ago(38)
    )
    deeds.approve_return(past.state, asked, at=past.ago(37.5))
    deeds.take_in(past.state, order, asked, "NOT_RESTOCKED", at=past.ago(33.2))
    deeds.refund(
        past.state, order, cup, shipping="4.90", note="Cracked in transit", return_id=asked.id, at=past.ago(33)
    )
    deeds.close_return(past.state, asked, at=past.ago(33))


def _jacket_of_two_refunded(past: Past) -> None:
    order = past.gone(41, "Camille", "jacket/M", "tote/Natural")
    deeds.refund(past.state, order, [(order.lines[1].id, 1)], note="Strap came loose", at=past.ago(30))


def _two_parcels_both_there(past: Past) -> None:
    order = past.order(39, "Anna", "kettle/0.8 l", "2 x cup/Set of 2")
    past.ship(order, "delivered", 1, [(order.lines[1].id, 2)])
    past.ship(order, "delivered", 4)


def _returned_to_sender(past: Past) -> None:
    order = past.gone(35, "Sofia", "stool/Oak", until="failure", currency="CHF")
    deeds.refund(past.state, order, [(order.lines[0].id, 1)], note="Came back to us", at=past.ago(24))


def _bought_at_the_till(past: Past) -> None:
    order = past.order(
        33,
        "nobody",
        "candle/Fig",
        "tote/Natural",
        source_name="pos",
        email="walk-in@example.com",
        shipping=None,
        gateway="cash",
        customer_locale="fr",
    )
    deeds.fulfil(past.state, order, at=order.created_at)


def _at_once(past: Past, days: float, who: str, name: str, **more: Any) -> None:
    order = past.order(days, who, name, shipping=None, **more)
    deeds.fulfil(past.state, order, at=order.created_at + timedelta(minutes=1))


def _changed_her_mind(past: Past) -> None:
    order = past.order(25, "Lea", "2 x cushion/Sage", "blanket/Cream")
    deeds.cancel(past.state, order, "customer", at=past.ago(24.8))
    deeds.refund(past.state, order, amount=order.paid, note="Cancelled before shipping", at=past.ago(24.8))


def _never_paid(past: Past) -> None:
    order = past.order(17, "Camille", "moon-lamp/Ø 20 cm", paid=False, gateway="bank_deposit")
    deeds.cancel(past.state, order, "declined", at=past.ago(10))


def _wants_to_return(past: Past) -> None:
    order = past.gone(19, "Carmen", "jacket/S", "candle/Fig")
    deeds.request_return(
        past.state,
        order,
        [(order.lines[0].id, 1)],
        definition="too-small",
        customer_note="Me queda pequeña",
        at=past.ago(2.2),
    )


def _one_there_one_on_its_way(past: Past) -> None:
    order = past.order(8, "Lea", "desk-lamp/Sage", "cup/Set of 4", "blanket/Rust")
    past.ship(order, "delivered", 1, [(order.lines[0].id, 1)])
    past.ship(order, "in_transit", 4, [(order.lines[1].id, 1)])


def _three_of_five_sent(past: Past) -> None:
    order = past.order(7, "Jonas", "5 x candle/Fig", note="Bitte beim Nachbarn abgeben")
    past.ship(order, "delivered", 1, [(order.lines[0].id, 3)])


def _lamp_and_gift_card(past: Past) -> None:
    order = past.order(0.8, "Lea", "moon-lamp/Ø 30 cm", "gift-card/50")
    deeds.fulfil(past.state, order, [(order.lines[1].id, 1)], at=order.created_at + timedelta(minutes=1))


def _guest_by_bank(past: Past) -> None:
    past.order(
        1.4,
        "nobody",
        "pendant/Ø 45 cm",
        email="oskar.nyberg@example.com",
        shipping_address=TOWNS["Malmö"].address("Oskar", "Nyberg", "Davidshallsgatan 5"),
        customer_locale="en",
        currency="SEK",
        gateway="bank_deposit",
        paid=False,
    )


def _left_in_the_cart(past: Past) -> None:
    for hours, who, name in (
        (70, "Mateo", "kettle/0.8 l"),
        (20, "Sofia", "blanket/Cream"),
        (1.5, "Carmen", "stool/Oak"),
    ):
        buyer = past.buyers[who]
        deeds.begin_checkout(
            past.state,
            past.shop.domain,
            past.wanted(name),
            customer=buyer,
            locale=buyer.locale,
            accepts_marketing=buyer.email_consent.state == "subscribed",
            at=past.now - timedelta(hours=hours),
        )


def _gone(days: float, who: str, *names: str, **more: Any) -> Story:
    return lambda past: past.gone(days, who, *names, **more)


def _open(days: float, who: str, *names: str, **more: Any) -> Story:
    return lambda past: past.order(days, who, *names, **more)


LUMEN_STORIES: tuple[Story, ...] = (
    _gone(50.2, "Lea", "desk-lamp/Sand", "2 x candle/Fig"),
    _gone(48.6, "Jonas", "blanket/Rust"),
    _sent_back,
    _gone(44.3, "Carmen", "pendant/Ø 45 cm"),
    _jacket_of_two_refunded,
    _two_parcels_both_there,
    _gone(37.1, "Noah", "moon-lamp/Ø 20 cm", currency="USD"),
    _returned_to_sender,
    _bought_at_the_till,
    _gone(31.4, "Mateo", "2 x tote/Natural"),
    _gone(29.7, "Yuki", "desk-lamp/Charcoal", currency="JPY"),
    partial(_at_once, days=27.2, who="Jonas", name="gift-card/25"),
    _changed_her_mind,
    _gone(23.5, "Emily", "candle/Fig", test=True, tags=("test",)),
    partial(_at_once, days=21.9, who="Anna", name="guide/PDF"),
    _wants_to_return,
    _never_paid,
    _gone(15.2, "Jonas", "jacket/M", "tote/Natural"),
    _gone(13.1, "Lea", "3 x cup/Set of 4", "candle/Cedar", discount=("MERCI10", "percentage", "10")),
    _gone(12.4, "Noah", "blanket/Cream", "candle/Fig", until="delayed", wait=5, currency="USD"),
    _gone(11.2, "Sofia", "cushion/Sage", until="ready_for_pickup", wait=4, currency="CHF"),
    _gone(10.6, "Emily", "desk-lamp/Sand", until="failure", wait=2, currency="GBP"),
    _gone(9.8, "Carmen", "blanket/Cream", "cushion/Rust"),
    _gone(9.5, "Emily", "desk-lamp/Charcoal", "kettle/0.8 l", currency="GBP", duties=("7.10", "5.40")),
    _gone(9.3, "Mateo", "2 x stool/Oak", until="attempted_delivery", wait=5),
    _one_there_one_on_its_way,
    _gone(7.6, "Anna", "stool/Oak", "2 x candle/Fig"),
    _gone(7.3, "Noah", "jacket/S", currency="USD", duties=("24.90",)),
    _three_of_five_sent,
    _gone(6.1, "Yuki", "moon-lamp/Ø 30 cm", until="in_transit", wait=3, currency="JPY"),
    _gone(5.2, "Anna", "jacket/L", until="out_for_delivery", wait=2),
    _gone(4.4, "Carmen", "2 x cushion/Sage", until="in_transit", wait=2),
    _gone(2.6, "Camille", "kettle/0.8 l", until="label_printed"),
    _open(1.9, "Noah", "tote/Natural", currency="USD", discount=("WELCOME10", "percentage", "10")),
    _guest_by_bank,
    _lamp_and_gift_card,
    _open(0.03, "Jonas", "pendant/Ø 60 cm", note="Wenn möglich vor dem Wochenende"),
    _left_in_the_cart,
)
"""In the order of time, so that #1001 is the oldest."""

PEDAL_STORIES: tuple[Story, ...] = (
    _gone(14.2, "Lea", "bell/Steel", currency="EUR"),
    _gone(3.6, "Oliver", "bottle/0.6 l", "cap/Night", until="in_transit"),
    _open(0.5, "Oliver", "2 x cap/Night"),
)
