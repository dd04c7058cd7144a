"""Honest webhooks of every topic, written by the store on this machine: what is mutated begins as the truth."""

import json
from typing import Any

from devstore import deeds, payloads
from devstore.payloads.view import View
from devstore.records import Address, Customer, Shop
from devstore.state import Change, State

LUMEN, SECOND = "lumen-goods.myshopify.com", "second-shop.myshopify.com"

Webhook = tuple[str, bytes]
"""Topic and body."""


def lumen() -> list[Webhook]:
    home = Address(first_name="Mira", last_name="Sommer", address1="Lindenweg 4", city="Leipzig", zip="04109")
    return _told(LUMEN, "Lumen Goods", "Desk lamp", home, "mira@example.com", "LG0001DE")


def second() -> list[Webhook]:
    """A neighbour whose every word is known: see SECRETS."""
    home = Address(first_name="Yrsa", last_name="Quillfeather", address1="Ulvendal 7", city="Ulvendal", zip="99999")
    return _told(SECOND, "Quorvane Teas", "Quorvane teapot", home, "yrsa@example.com", "QVX0001NO")


SECRETS = ("quillfeather", "quorvane", "ulvendal", "qvx0001", "yrsa")
"""Words that only the second shop knows; no call contains one of them."""


def _told(domain: str, name: str, product: str, home: Address, email: str, number: str) -> list[Webhook]:
    """All that Shopify says while somebody buys twice, gets parcels, sends one back, and asks for their data."""
    state, told = State(), list[Webhook]()
    home.country, home.country_code, home.phone = "Germany", "DE", "+493410000000"
    shop = deeds.add_shop(state, domain, name, email="owner@example.com", address=home)
    view = View(state, shop, f"https://{domain}", "https://cdn.shopify.com")

    def hear(change: Change) -> None:
        for news in change.news:
            if news.shop == domain:
                body = payloads.render(view, news.topic, news.subject)
                told.append((news.topic, json.dumps(body, ensure_ascii=False).encode()))

    state.listeners.append(hear)
    _live(state, shop, product, home, email, number)
    scopes = {"id": 1, "previous": ["read_orders"], "current": ["read_orders", "read_products"]}
    return [*told, ("app/scopes_update", json.dumps(scopes).encode())]


def _live(state: State, shop: Shop, product: str, home: Address, email: str, number: str) -> None:
    goods = deeds.add_product(state, shop.domain, product, [{"title": "Brass", "price": "89.90", "sku": "B-1"}])
    deeds.update_product(state, goods, title=product)
    deeds.update_shop(state, shop, name=shop.name)
    buyer = deeds.add_customer(
        state, shop.domain, email, first_name=home.first_name, last_name=home.last_name, locale="de", address=home
    )
    deeds.edit_consent(state, buyer, "subscribed")
    deeds.edit_sms_consent(state, buyer, "subscribed")
    lines = [(goods.variants[0].id, 2)]
    deeds.begin_checkout(state, shop.domain, lines, email=email, customer=buyer)
    _buy(state, shop, buyer, lines, home, number)
    order = deeds.place_order(state, shop.domain, lines, customer=buyer, shipping_address=home)
    deeds.cancel(state, order)
    deeds.request_link(state, order)
    deeds.delete_order(state, order)
    deeds.request_data(state, buyer)
    deeds.request_redact(state, buyer)


def _buy(state: State, shop: Shop, buyer: Customer, lines: list[tuple[int, int]], home: Address, number: str) -> None:
    order: Any = deeds.place_order(state, shop.domain, lines, customer=buyer, shipping_address=home, paid=False)
    deeds.pay(state, order)
    deeds.edit_lines(state, order, add=[(lines[0][0], 1)])
    parcel = deeds.fulfil(state, order, company="DHL", number=number, url=f"https://tracking.example/{number}")
    deeds.scan(state, parcel, "in_transit", city=home.city, country="DE", message=f"left {home.city}")
    deeds.scan(state, parcel, "delivered", city=home.city, country="DE")
    line = order.lines[0].id
    deeds.refund(state, order, [(line, 1)], note="broken")
    back = deeds.request_return(state, order, [(line, 1)], reason="UNKNOWN")
    deeds.approve_return(state, back)
    deeds.close_return(state, back)
