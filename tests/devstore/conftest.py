"""A shop with one lamp, in memory."""

import pytest

from devstore import deeds
from devstore.records import Address, Customer, Product, Shop
from devstore.state import State

HOME = Address(
    first_name="Mira",
    last_name="Sommer",
    address1="Lindenweg 4",
    city="Leipzig",
    country="Germany",
    country_code="DE",
    zip="04109",
    phone="+49341000000",
)


@pytest.fixture
def state() -> State:
    return State()


@pytest.fixture
def shop(state: State) -> Shop:
    return deeds.add_shop(
        state,
        "lumen-goods.myshopify.com",
        "Lumen Goods",
        email="owner@example.com",
        address=Address(city="Berlin", country="Germany", country_code="DE"),
    )


@pytest.fixture
def lamp(state: State, shop: Shop) -> Product:
    variants = [{"title": "Brass", "price": "89.90", "sku": "LAMP-B"}, {"title": "Steel", "price": "79.90"}]
    return deeds.add_product(state, shop.domain, "Desk lamp", variants, picture="pictures/lamp.svg")


@pytest.fixture
def buyer(state: State, shop: Shop) -> Customer:
    return deeds.add_customer(
        state,
        shop.domain,
        "mira@example.com",
        first_name="Mira",
        last_name="Sommer",
        phone="+4915100000000",
        locale="de",
        address=HOME,
        tags=["regular"],
    )
