"""The right of withdrawal: two steps, no reason, guests too, a receipt with its time, nothing blocked."""

import hashlib
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from devstore import deeds, server
from devstore.records import Address, Product
from shopify_app.db import db, rest
from shopify_app.orders import links
from shopify_app.returns.models import Item
from shopify_app.returns.policy import policies
from shopify_app.returns.policy.terms import Rule, Terms
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront
from tests.conftest import Clock
from tests.returns.buyer.conftest import EMAIL, HOME, Buy, Buyer, Settle, arrive, asked, drafts, text


def states(buyer: Buyer, **typed: str) -> Any:
    """The first step, as Mira fills it in: one shirt."""
    form = {f"units-{buyer.piece('shirt')}": "1", "name": "Mira Sommer", "email": "mira@home.example"} | typed
    return buyer.sends("withdrawal", form)


def items() -> list[Item]:
    rest()
    return db.session.query(Item).order_by(Item.id).all()


def test_two_steps_and_no_reason(buyer: Buyer) -> None:
    page = buyer.visits("withdrawal")
    assert page.status_code == 200
    assert "reason-" not in page.text
    assert 'value="Mira Sommer"' in page.text
    assert f'value="{EMAIL}"' in page.text
    assert "The last day is" in text(page)
    states(buyer)
    confirm = buyer.visits("withdrawal/confirmation")
    assert "Confirm withdrawal" in text(confirm)
    assert "€49.90" in text(confirm)
    assert asked() == [], "not before the second step"
    buyer.sends("withdrawal/confirmation")
    (request,), (item,) = asked(), items()
    assert (request.kind, request.state, request.is_flagged) == ("withdrawal", "approved", False)
    assert (item.quantity, item.reason, item.outcome) == (1, None, "refund")
    assert drafts() == []


def test_the_receipt_tells_what_was_declared_and_when_and_can_be_proven(
    buyer: Buyer, shopify: server.Running, settle: Settle
) -> None:
    states(buyer)
    buyer.sends("withdrawal/confirmation")
    content = asked()[0].content
    assert content["proof"] == hashlib.sha256(content["receipt"].encode()).hexdigest()
    for told in ("1 × Linen shirt (S)", buyer.order.name, "Mira Sommer", "mira@home.example", "Lumen Goods", "Z"):
        assert told in content["receipt"]
    settle()
    receipts = [mail for mail in shopify.mailbox.messages(to="mira@home.example") if "withdrawal" in mail.subject]
    assert len(receipts) == 1
    assert content["receipt"].splitlines()[1] in (receipts[0].text or "")
    assert content["proof"] in (receipts[0].text or "").replace("\n", "")


def test_everything_is_chosen_to_begin_with_and_the_delivery_is_paid_back_too(buyer: Buyer) -> None:
    page = buyer.visits("withdrawal").text
    assert '<option value="2" selected>' in page
    form = {f"units-{buyer.piece('shirt')}": "2", f"units-{buyer.piece('lamp')}": "1"}
    buyer.sends("withdrawal", form | {"name": "Mira Sommer", "email": EMAIL})
    assert "€194.60 with €4.90 for the delivery" in text(buyer.visits("withdrawal/confirmation"))
    buyer.sends("withdrawal/confirmation")
    assert asked()[0].expected == 19460


def test_what_was_not_sent_yet_is_withdrawn_from_too(
    buy: Buy, shopify: server.Running, client: FlaskClient, shop: Shop, shirt: Product, settle: Settle
) -> None:
    order = buy(is_sent=False)
    line = next(line for line in order.lines if line.variant_id == shirt.variants[0].id)
    arrive(shopify, deeds.fulfil(shopify.state, order, [(line.id, 1)]))
    settle()
    buyer = Buyer(client, shop, order)
    assert "Not sent yet" in text(buyer.visits("withdrawal"))
    assert "begin when the last item has come" in text(buyer.visits("withdrawal"))
    lamp = next(one for one in order.lines if one.id != line.id)
    buyer.sends("withdrawal", {f"units-{-lamp.id}": "1", "name": "Mira", "email": EMAIL})
    buyer.sends("withdrawal/confirmation")
    (item,) = items()
    assert (item.line_id, item.fulfillment_line_id, item.quantity) == (lamp.id, None, 1)
    page = text(buyer.visits(f"withdrawal/requests/{asked()[0].id}"))
    assert "We have received your withdrawal." in page
    assert "Back with us" not in page, "it never left"


def test_a_guest_comes_in_by_the_code_that_is_mailed(
    shopify: server.Running, buyer: Buyer, client: FlaskClient, shop: Shop, settle: Settle
) -> None:
    policies.write(shop, Terms(guests=False), None)
    storefront, page = Storefront(client, shop.domain), f"/orders/{links.token(shop, buyer.order.id)}"
    there = storefront.get(f"{page}/withdrawal")
    assert there.status_code == 403
    assert "next=withdrawal" in there.text
    storefront.post(f"{page}/code", query={"next": "withdrawal"})
    settle()
    code = next(part for part in (shopify.mailbox.messages(to=EMAIL)[-1].text or "").split() if part.isdigit())
    led = storefront.post(f"{page}/proof", {"code": code, "next": "withdrawal"})
    assert f"{page}/withdrawal?proof=" in led.text
    states(buyer)
    assert buyer.sends("withdrawal/confirmation").status_code == 200
    assert len(asked()) == 1


def test_a_late_one_is_taken_and_looked_at(buyer: Buyer, clock: Clock) -> None:
    clock.forward(days=40)
    buyer.types_the_code()
    assert "The 14 days ended on" in text(buyer.visits("withdrawal"))
    states(buyer)
    buyer.sends("withdrawal/confirmation")
    (request,) = asked()
    assert (request.is_flagged, request.content["flags"], request.state) == (True, ["late"], "asked")
    assert items()[0].decision["rule"] == "law_over"


def test_the_shop_s_own_terms_have_no_say(buy: Buy, client: FlaskClient, shop: Shop, clock: Clock) -> None:
    policies.write(
        shop, Terms(days=1, rules=(Rule(about="product_type", values=("Clothing",), may="final_sale"),)), None
    )
    clock.forward(seconds=2)
    buyer = Buyer(client, shop, buy())
    clock.forward(days=5)
    buyer.types_the_code()
    states(buyer)
    buyer.sends("withdrawal/confirmation")
    assert (asked()[0].state, items()[0].decision["rule"]) == ("approved", "law")


def test_what_the_law_excepts_can_be_declared_and_is_looked_at(
    buy: Buy, shopify: server.Running, client: FlaskClient, shop: Shop, shirt: Product, clock: Clock
) -> None:
    policies.write(shop, Terms(not_withdrawn=("made to measure",)), None)
    deeds.update_product(shopify.state, shirt, tags=["Made to measure"])
    clock.forward(seconds=2)
    buyer = Buyer(client, shop, buy())
    assert "The law excepts items like this one." in text(buyer.visits("withdrawal"))
    states(buyer)
    buyer.sends("withdrawal/confirmation")
    assert asked()[0].content["flags"] == ["excepted"]


@pytest.mark.parametrize(
    ("country", "code"), [("United States", "US"), ("Switzerland", "CH"), ("United Kingdom", "GB")]
)
def test_elsewhere_it_is_not_law(buy: Buy, client: FlaskClient, shop: Shop, country: str, code: str) -> None:
    abroad = Address(last_name="Sommer", city="Town", zip="1000", country=country, country_code=code)
    buyer = Buyer(client, shop, buy(shipping_address=abroad))
    assert "Withdraw from the contract here" not in text(buyer.visits(""))
    assert buyer.visits("withdrawal").status_code == 404
    assert buyer.sends("withdrawal/confirmation").status_code == 404
    assert asked() == []


def test_the_label_stands_on_the_order_s_page_before_during_and_after(buyer: Buyer, clock: Clock) -> None:
    for _ in range(3):
        assert "Withdraw from the contract here" in text(buyer.visits(""))
        clock.forward(days=15)
        buyer.types_the_code()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": ""}, "Please fill this in."),
        ({"email": "nobody"}, "does not look like"),
        ({"email": "a@b.example, c@d.example"}, "does not look like"),
        ({"name": " "}, "Please fill this in."),
        ({"name": "x" * 300}, "This is too long."),
    ],
)
def test_what_is_typed_wrong_is_said_and_kept(buyer: Buyer, typed: dict[str, str], said: str) -> None:
    answer = states(buyer, **typed)
    assert answer.status_code == 422
    assert said in text(answer)
    assert buyer.sends("withdrawal/confirmation").status_code == 409
    assert asked() == []


@pytest.mark.parametrize("count", ["3", "0", "-1"])
def test_no_more_than_there_is_and_not_nothing(buyer: Buyer, count: str) -> None:
    assert states(buyer, **{f"units-{buyer.piece('shirt')}": count}).status_code == 422
    assert buyer.sends("withdrawal/confirmation").status_code == 409
    assert asked() == []


def test_a_second_click_declares_nothing_twice(buyer: Buyer) -> None:
    states(buyer)
    first, second = (buyer.sends("withdrawal/confirmation") for _ in range(2))
    (sent,) = asked()
    for answer in (first, second):
        assert f"url=/apps/aftercare/orders/{buyer.token}/withdrawal/requests/{sent.id}?" in answer.text


def test_a_right_that_runs_out_does_not_wait_for_shopify(buyer: Buyer, shopify: server.Running) -> None:
    states(buyer)
    shopify.faults.order({"graphql": {"outage": True}})
    assert buyer.sends("withdrawal/confirmation").status_code == 200
    assert len(asked()) == 1


def test_it_stands_apart_from_a_return_of_the_shop_s_own_will(app: Flask, buyer: Buyer) -> None:
    buyer.asks_for_a_shirt()
    states(buyer)
    buyer.sends("withdrawal/confirmation")
    assert [one.kind for one in asked()] == ["return", "withdrawal"]
    assert "Withdrawal received" in text(buyer.visits(""))


def test_it_speaks_the_law_s_words_in_the_order_s_language(buy: Buy, client: FlaskClient, shop: Shop) -> None:
    for locale, label, deed in (
        ("de", "Vertrag hier widerrufen", "Widerruf bestätigen"),
        ("fr", "Se rétracter du contrat ici", "Confirmer la rétractation"),
        ("es", "Desistir del contrato aquí", "Confirmar el desistimiento"),
    ):
        buyer = Buyer(client, shop, buy(customer_locale=locale, shipping_address=HOME))
        assert label in text(buyer.visits(""))
        states(buyer)
        assert deed in text(buyer.visits("withdrawal/confirmation"))
