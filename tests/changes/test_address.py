"""The new address: what the form shows, and what it says about what was typed."""

import html
import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from devstore.records import Address
from shopify_app.changes.models import Change
from shopify_app.db import db
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront
from tests.changes.conftest import TYPED, Buy, Buyer, change, text

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""What a person reads does not depend on the database."""

NEW_YORK = Address(
    first_name="Ada",
    last_name="Stone",
    address1="12 Example Street",
    city="Albany",
    province="New York",
    province_code="NY",
    country="United States",
    country_code="US",
    zip="12201",
)


def fields(page: TestResponse) -> dict[str, str]:
    """Name → what stands in it."""
    typed = re.findall(r'<input id="[^"]*" name="([^"]*)" value="([^"]*)"', page.text)
    chosen = re.findall(r'<select id="[^"]*" name="([^"]*)".*?<option value="([^"]*)" selected', page.text, re.DOTALL)
    return {name: html.unescape(value) for name, value in (*typed, *chosen)}


def error(page: TestResponse, name: str) -> str | None:
    """The sentence beside a field, which the field points to."""
    found = re.search(rf'id="aftercare-{name}-error" role="alert">([^<]*)<', page.text)
    if found is None:
        return None
    assert f'aria-describedby="aftercare-{name}-error"' in page.text
    return html.unescape(found[1])


def test_the_form_shows_the_address_of_the_order_and_no_country_to_choose(buyer: Buyer) -> None:
    page = buyer.visits("address")
    assert fields(page) == {
        "first_name": "Mira",
        "last_name": "Sommer",
        "company": "",
        "address1": "Lindenweg 4",
        "address2": "",
        "zip": "04109",
        "city": "Leipzig",
        "phone": "+49 341 2345678",
    }
    assert "Country: Germany." in text(page)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("last_name", " ", "Please fill this in."),
        ("address1", "", "Please fill this in."),
        ("city", "\u200b", "Please fill this in."),
        ("zip", "", "Please fill this in."),
        ("zip", "4103", "Post codes in Germany look different, for example 26133."),
        ("address1", "x" * 256, "This is too long for a label."),
        ("company", "A\x07B", "There is a character in it that no label can hold."),
        ("address2", "line\nline", "There is a character in it that no label can hold."),
        ("phone", "call me", "This does not look like a phone number."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    buyer: Buyer, name: str, typed: str, said: str
) -> None:
    page = buyer.sends("address", TYPED | {name: typed})
    assert page.status_code == 422
    assert error(page, name) == said
    kept = fields(page)
    assert kept["address1" if name != "address1" else "zip"] == TYPED["address1" if name != "address1" else "zip"]
    assert kept[name].strip() == typed.strip()
    assert db.session.query(Change).count() == 0


def test_an_address_that_is_the_same_is_no_correction(buyer: Buyer) -> None:
    page = buyer.sends("address", fields(buyer.visits("address")))
    assert error(page, "address1") == "Nothing is different from the address that we have."


def test_marks_that_nobody_sees_are_left_out(buyer: Buyer) -> None:
    buyer.sends("address", TYPED | {"address1": "\u202aAhornweg   9\u202c ", "country_code": "FR"})
    address = change().content["address"]
    assert (address["address1"], address["country_code"]) == ("Ahornweg 9", "DE"), "a country cannot be slipped in"


@pytest.fixture
def ada(client: FlaskClient, shop: Shop, buy: Buy) -> Buyer:
    """Orders from a country that writes its region into addresses."""
    return Buyer(Storefront(client, shop.domain), shop, buy(shipping_address=NEW_YORK))


def test_where_addresses_have_a_region_it_can_be_chosen_and_must_hold_the_post_code(ada: Buyer) -> None:
    shown = fields(ada.visits("address"))
    assert shown["province_code"] == "NY"
    wrong = ada.sends("address", shown | {"province_code": "CA"})
    assert error(wrong, "zip") == "This post code does not belong to the region that you have chosen."
    assert fields(wrong)["province_code"] == "CA"
    assert (
        error(ada.sends("address", shown | {"province_code": "QC"}), "province_code") == "Please choose one of these."
    )
    assert ada.sends("address", shown | {"province_code": "CA", "zip": "94016"}).status_code == 200
    assert change().content["address"]["province_code"] == "CA"


@pytest.mark.parametrize("country", ["JP", "MX", "XX", "", "HK", "BR"])
def test_every_country_has_a_form(client: FlaskClient, shop: Shop, buy: Buy, country: str) -> None:
    order = buy(
        shipping_address=Address(last_name="Doe", address1="1", city="A", country_code=country, province_code="Q")
    )
    page = Buyer(Storefront(client, shop.domain), shop, order).visits("address")
    assert "province_code" not in fields(page), "a region that the tables do not know stays as it is"


def test_liquid_does_not_run_in_what_a_buyer_typed(buyer: Buyer) -> None:
    page = buyer.sends("address", TYPED | {"zip": "{{ shop.email }}"})
    assert "{{" not in page.text
    assert fields(page)["zip"] == "{{ shop.email }}"
