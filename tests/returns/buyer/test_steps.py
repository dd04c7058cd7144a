"""A buyer goes through the steps of a return, and loses nothing on the way."""

import re
import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from devstore import server
from devstore.records import Address, Order, Product
from shopify_app.db import db, rest
from shopify_app.orders import links, proof
from shopify_app.returns import photos, requests
from shopify_app.returns.models import Item
from shopify_app.returns.policy import policies
from shopify_app.returns.policy.terms import Approval, ReasonRule, Rule, Terms
from shopify_app.shopify.models import Shop
from shopify_app.tracking import codes
from tests.buyers import Storefront, sign
from tests.conftest import SECOND, Clock
from tests.returns.buyer.conftest import Buy, Buyer, Settle, asked, drafts, photo, text

Allow = Any


@pytest.fixture
def terms(shop: Shop, clock: Clock) -> Allow:
    """terms(days=14): what this shop decides, before anybody buys."""

    def decide(**rules: Any) -> None:
        policies.write(shop, Terms(**rules), None)
        clock.forward(seconds=2)

    return decide


def items() -> list[Item]:
    rest()
    return db.session.query(Item).order_by(Item.id).all()


# The way through


def test_a_shirt_goes_back_for_its_money(buyer: Buyer) -> None:
    first = buyer.visits("return")
    assert first.status_code == 200
    assert "Linen shirt" in text(first)
    buyer.chooses(shirt=1)
    assert "Too small" in text(buyer.visits("return/details"))
    buyer.explains("shirt", note="Runs small.")
    check = text(buyer.visits("return/check"))
    assert "Comes back to you €49.90" in check
    assert "30 days, so the last day is" in check
    assert buyer.agrees().status_code == 200
    (request,), (item,) = asked(), items()
    assert (request.kind, request.door, request.state, request.expected) == ("return", "page", "asked", 4990)
    assert (item.quantity, item.outcome, item.reason) == (1, "refund", "too-small")
    assert item.content["note"] == "Runs small."
    assert drafts() == []
    assert "Your reference" in text(buyer.visits(f"return/requests/{request.id}"))


def test_shopify_has_the_return_too(buyer: Buyer, shopify: server.Running, settle: Settle) -> None:
    buyer.asks_for_a_shirt()
    settle()
    (there,) = buyer.order.returns
    assert (there.status, there.name) == ("REQUESTED", f"{buyer.order.name}-R1")
    page = buyer.visits(f"return/requests/{asked()[0].id}")
    assert f"{buyer.order.name}-R1" in text(page)


def test_every_answer_to_a_post_leads_on_so_that_a_reload_sends_nothing_twice(buyer: Buyer) -> None:
    for answer in (buyer.chooses(shirt=1), buyer.explains("shirt"), buyer.agrees()):
        assert '<meta http-equiv="refresh" content="0; url=/apps/aftercare/orders/' in answer.text


def test_a_second_click_on_send_leads_to_what_the_first_one_sent(buyer: Buyer) -> None:
    buyer.chooses(shirt=1)
    buyer.explains("shirt")
    seen = buyer.seen()
    first, second = (buyer.sends("return/check", {"seen": seen}) for _ in range(2))
    (sent,) = asked()
    for answer in (first, second):
        assert f"url=/apps/aftercare/orders/{buyer.token}/return/requests/{sent.id}?" in answer.text


def test_of_two_clicks_at_the_same_time_one_counts(app: Flask, buyer: Buyer, shop: Shop) -> None:
    buyer.chooses(shirt=1)
    buyer.explains("shirt")
    query, seen = sign(shop.domain, {"proof": buyer.proof}), buyer.seen()
    ready, answers = threading.Barrier(4), []

    def click() -> None:
        ready.wait()
        page = f"/proxy/orders/{buyer.token}/return/check?{query}"
        answers.append(app.test_client().post(page, data={"seen": seen}).status_code)

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert answers == [200] * 4
    assert len(asked()) == 1


def test_looking_changes_nothing(buyer: Buyer) -> None:
    for path in ("", "/details", "/more", "/check"):
        assert buyer.visits(f"return{path}").status_code == 200
    assert drafts() == asked() == []


# Nothing is lost


def test_the_way_back_and_another_device_find_everything_as_it_was(
    buyer: Buyer, client: FlaskClient, shop: Shop
) -> None:
    buyer.chooses(shirt=2, lamp=1)
    buyer.explains("shirt", note="Runs small.")
    other = Buyer(client, shop, buyer.order)
    assert '<option value="2" selected>' in other.visits("return").text
    page = other.visits("return/details").text
    assert '<option value="too-small" selected>' in page
    assert "Runs small." in page
    other.chooses(shirt=1, lamp=1)
    assert "Runs small." in other.visits("return/details").text


def test_what_is_typed_wrong_is_shown_again_with_all_the_rest(buyer: Buyer) -> None:
    buyer.chooses(shirt=1)
    answer = buyer.explains("shirt", reason="", note="x" * 600)
    assert answer.status_code == 422
    assert "Please choose a reason." in text(answer)
    assert "This is too long." in text(answer)
    assert "x" * 600 in answer.text
    assert "x" * 600 in buyer.visits("return/details").text


def test_a_buyer_waits_a_moment_where_shopify_is_busy_and_hears_of_no_trouble(
    buyer: Buyer, shopify: server.Running
) -> None:
    """As right after an install, when the first import takes all that Shopify gives."""
    shopify.faults.graphql.throttled = 1
    page = buyer.visits("return")
    assert shopify.faults.graphql.throttled == 0
    assert page.status_code == 200
    assert "Linen shirt" in text(page)


def test_while_shopify_does_not_answer_it_says_so_and_keeps_everything(buyer: Buyer, shopify: server.Running) -> None:
    buyer.chooses(shirt=1)
    buyer.explains("shirt", note="Runs small.")
    seen = buyer.seen()
    shopify.faults.order({"graphql": {"outage": True}})
    for answer in (buyer.visits("return"), buyer.sends("return/check", {"seen": seen})):
        assert answer.status_code == 503
        assert "does not answer" in text(answer)
    shopify.faults.clear()
    assert buyer.sends("return/check", {"seen": seen}).status_code == 200
    assert items()[0].content["note"] == "Runs small."


def test_an_old_proof_asks_for_a_new_code_and_finds_the_draft_again(buyer: Buyer, clock: Clock) -> None:
    buyer.chooses(shirt=1)
    clock.forward(minutes=31)
    answer = buyer.visits("return/details")
    assert answer.status_code == 403
    assert "next=return%2Fdetails" in answer.text
    buyer.types_the_code()
    assert "Linen shirt" in text(buyer.visits("return/details"))


# The shop's rules


def test_a_refusal_says_which_rule_and_what_else_is_possible(buyer: Buyer, clock: Clock) -> None:
    clock.forward(days=40)
    buyer.types_the_code()
    page = text(buyer.visits("return"))
    assert "30 days, so the last day was" in page
    assert "Still possible: writing to the shop." in page
    answer = buyer.chooses(shirt=1)
    assert answer.status_code == 422
    assert "so the last day was" in text(answer)


def test_what_ran_out_between_two_steps_is_refused_at_the_next(buyer: Buyer, clock: Clock) -> None:
    buyer.chooses(shirt=1)
    buyer.explains("shirt")
    seen = buyer.seen()
    clock.forward(days=31)
    buyer.types_the_code()
    assert buyer.sends("return/check", {"seen": seen}).status_code == 409
    assert asked() == []


def test_a_final_sale_cannot_be_sent_back_outside_of_the_law(
    terms: Allow, buy: Buy, client: FlaskClient, shop: Shop
) -> None:
    terms(rules=(Rule(about="product_type", values=("Clothing",), may="final_sale"),))
    home = {"country": "United States", "country_code": "US", "city": "Albany", "zip": "12201"}
    buyer = Buyer(client, shop, buy(shipping_address=Address(last_name="Sommer", **home)))
    assert "final sale" in text(buyer.visits("return"))
    assert buyer.chooses(shirt=1).status_code == 422


def test_what_the_shop_does_not_offer_is_not_offered(terms: Allow, buy: Buy, client: FlaskClient, shop: Shop) -> None:
    terms(outcomes=("refund",))
    buyer = Buyer(client, shop, buy())
    buyer.chooses(shirt=1)
    assert 'value="credit"' not in buyer.visits("return/details").text
    assert buyer.explains("shirt", outcome="credit").status_code == 422
    assert asked() == []


def test_a_rule_may_decide_alone(terms: Allow, buy: Buy, client: FlaskClient, shop: Shop) -> None:
    terms(approval=Approval(outcomes=("refund",)))
    buyer = Buyer(client, shop, buy())
    buyer.chooses(shirt=1)
    buyer.explains("shirt")
    assert "agreed at once" in text(buyer.visits("return/check"))
    buyer.agrees()
    assert (asked()[0].state, asked()[0].decided_by) == ("approved", "rule")


def test_a_question_of_the_shop_has_to_be_answered(terms: Allow, buy: Buy, client: FlaskClient, shop: Shop) -> None:
    terms(reasons=(ReasonRule(handle="too-small", question="Which size do you wear?"),))
    buyer = Buyer(client, shop, buy())
    buyer.chooses(shirt=1)
    buyer.explains("shirt")
    assert "Which size do you wear?" in text(buyer.visits("return/check")), "asked for before"
    field = f"answer-{buyer.piece('shirt')}-0"
    assert buyer.sends("return/more", {field: " "}).status_code == 422
    buyer.sends("return/more", {field: "M"})
    buyer.agrees()
    assert items()[0].content["answers"] == [{"question": "Which size do you wear?", "answer": "M"}]


def test_guests_may_be_sent_to_the_login(terms: Allow, buy: Buy, client: FlaskClient, shop: Shop) -> None:
    terms(guests=False)
    buyer = Buyer(client, shop, buy())
    assert "Please log in" in text(buyer.visits("return"))
    assert buyer.chooses(shirt=1).status_code == 403
    assert buyer.sends("return/check", {"seen": "x"}).status_code == 403
    buyer.customer, buyer.proof = str(buyer.order.customer_id), ""
    assert "Linen shirt" in text(buyer.visits("return"))


# Exchanges


def test_a_shirt_is_exchanged_for_another_size_and_the_difference_is_shown(buyer: Buyer, shirt: Product) -> None:
    buyer.chooses(shirt=1)
    buyer.explains("shirt", outcome="exchange")
    page = buyer.visits("return/more").text
    assert "M · €54.90" in page
    assert f'<option value="{shirt.variants[2].id}" disabled>L · out of stock' in page
    buyer.sends("return/more", {f"variant-{buyer.piece('shirt')}": str(shirt.variants[1].id)})
    check = text(buyer.visits("return/check"))
    assert "You pay on top €5.00" in check
    buyer.agrees()
    (item,) = items()
    assert (item.outcome, item.variant_id, item.content["variant"]) == ("exchange", shirt.variants[1].id, "M")
    assert "to be exchanged for M" in text(buyer.visits(f"return/requests/{asked()[0].id}"))


@pytest.mark.parametrize("wanted", ["sold out", "another product's", "none"])
def test_only_what_is_there_can_be_had_instead(buyer: Buyer, shirt: Product, lamp: Product, wanted: str) -> None:
    ids = {"sold out": shirt.variants[2].id, "another product's": lamp.variants[0].id, "none": ""}
    buyer.chooses(shirt=1)
    buyer.explains("shirt", outcome="exchange")
    answer = buyer.sends("return/more", {f"variant-{buyer.piece('shirt')}": str(ids[wanted])})
    assert answer.status_code == 422
    assert buyer.sends("return/check", {"seen": "x"}).status_code == 409
    assert asked() == []


def test_a_size_that_sells_out_before_the_last_click_is_not_promised(
    buyer: Buyer, shopify: server.Running, shirt: Product
) -> None:
    buyer.chooses(shirt=1)
    buyer.explains("shirt", outcome="exchange")
    buyer.sends("return/more", {f"variant-{buyer.piece('shirt')}": str(shirt.variants[1].id)})
    seen = buyer.seen()
    shirt.variants[1].inventory_quantity = 0
    answer = buyer.sends("return/check", {"seen": seen})
    assert answer.status_code == 409
    assert "out of stock" in text(answer)
    assert asked() == []


def test_the_same_again_is_offered_last_and_nothing_is_chosen_for_the_buyer(buyer: Buyer, shirt: Product) -> None:
    buyer.chooses(shirt=1)
    buyer.explains("shirt", outcome="exchange")
    page = buyer.visits("return/more").text
    offered = re.findall(r'<option value="(\d*)"( selected)?', page)
    small, medium, large = (str(one.id) for one in shirt.variants)
    assert offered == [("", ""), (medium, ""), (large, ""), (small, "")]


@pytest.mark.parametrize("gone", ["the chosen one", "all"])
def test_where_the_wish_is_sold_out_the_money_is_offered_instead(buyer: Buyer, shirt: Product, gone: str) -> None:
    buyer.chooses(shirt=1)
    buyer.explains("shirt", outcome="exchange")
    buyer.sends("return/more", {f"variant-{buyer.piece('shirt')}": str(shirt.variants[1].id)})
    seen = buyer.seen()
    for variant in shirt.variants if gone == "all" else shirt.variants[1:2]:
        variant.inventory_quantity = 0
    page = buyer.sends("return/check", {"seen": seen}).text
    assert f'<option value="{shirt.variants[1].id}" disabled>M · out of stock' in page
    assert ("What you chose is out of stock by now." in page) == (gone == "the chosen one")
    assert "Take your money back or store credit instead" in page


def test_a_price_that_changed_meanwhile_is_shown_before_it_counts(
    buyer: Buyer, shopify: server.Running, shirt: Product
) -> None:
    buyer.chooses(shirt=1)
    buyer.explains("shirt", outcome="exchange")
    buyer.sends("return/more", {f"variant-{buyer.piece('shirt')}": str(shirt.variants[1].id)})
    seen = buyer.seen()
    shirt.variants[1].price = "59.90"
    answer = buyer.sends("return/check", {"seen": seen})
    assert answer.status_code == 409
    assert "Something has changed" in text(answer)
    assert "You pay on top €10.00" in text(answer)
    assert asked() == []
    assert buyer.agrees().status_code == 200


# Attacks


@pytest.mark.parametrize("count", ["3", "999999", "-1", "1e3", "٣", "0x1"])
def test_no_more_units_than_there_are(buyer: Buyer, count: str) -> None:
    answer = buyer.sends("return", {f"units-{buyer.piece('shirt')}": count})
    assert answer.status_code == 422
    assert asked() == []


def test_a_line_of_another_order_cannot_be_chosen(buyer: Buyer, buy: Buy, client: FlaskClient, shop: Shop) -> None:
    other = Buyer(client, shop, buy())
    assert buyer.sends("return", {f"units-{other.piece('shirt')}": "1"}).status_code == 422
    buyer.chooses(shirt=1)
    buyer.sends("return/details", {f"reason-{other.piece('shirt')}": "too-small"})
    assert asked() == []


def test_posted_prices_and_states_are_not_read(buyer: Buyer) -> None:
    buyer.chooses(shirt=1)
    forged = {"price": "1", "amount": "99999", "total": "99999", "state": "approved", "paid": "1"}
    buyer.explains("shirt", **forged)
    buyer.sends("return/check", {"seen": buyer.seen(), **forged, "expected": "99999"})
    assert (asked()[0].expected, asked()[0].state) == (4990, "asked")


def test_nothing_is_sent_that_the_buyer_has_not_seen(buyer: Buyer) -> None:
    buyer.chooses(shirt=1)
    buyer.explains("shirt")
    for seen in ("", "0" * 32, "x"):
        assert buyer.sends("return/check", {"seen": seen}).status_code == 409
    assert asked() == []


def test_a_reason_that_shopify_does_not_have_for_it_is_none(buyer: Buyer) -> None:
    buyer.chooses(shirt=1)
    assert buyer.explains("shirt", reason="light-too-dim").status_code == 422
    assert buyer.explains("shirt", reason="<script>" * 100).status_code == 422
    assert asked() == []


def test_text_without_end_is_cut_and_refused(buyer: Buyer) -> None:
    buyer.chooses(shirt=1)
    answer = buyer.explains("shirt", note="é" * 30_000)
    assert answer.status_code == 422
    assert answer.text.count("é") <= 5_000
    assert buyer.explains("shirt", note="é" * 400_000).status_code == 413
    assert "This is too long." in text(buyer.explains("shirt", note="é" * 400_000))


def test_what_a_buyer_types_is_neither_html_nor_liquid(buyer: Buyer) -> None:
    buyer.chooses(shirt=1)
    buyer.explains("shirt", note="<b>{{ shop.secret }}</b>{% raw %}")
    page = buyer.visits("return/check").text
    assert "<b>" not in page
    assert "{{" not in page
    assert "{%" not in page


def test_the_last_unit_goes_back_once(buyer: Buyer, client: FlaskClient, shop: Shop) -> None:
    buyer.chooses(lamp=1)
    buyer.explains("lamp", reason="style")
    seen = buyer.seen()
    assert buyer.sends("return/check", {"seen": seen}).status_code == 200
    assert "All of it has come back, or is on its way back." in text(buyer.visits("return"))
    assert buyer.chooses(lamp=1).status_code == 422
    assert len(asked()) == 1


@pytest.mark.parametrize("path", ["return", "return/details", "return/check", "return/requests/1", "withdrawal"])
def test_a_link_alone_opens_none_of_it(client: FlaskClient, shop: Shop, order: Order, path: str) -> None:
    storefront, page = Storefront(client, shop.domain), f"/orders/{links.token(shop, order.id)}/{path}"
    answer = storefront.get(page)
    assert answer.status_code == 403
    assert "Linen shirt" not in answer.text
    assert storefront.post(page, {"seen": "x"}).status_code in (403, 405)
    assert drafts() == asked() == []


def test_another_order_s_proof_opens_nothing(buyer: Buyer, buy: Buy, shop: Shop, other_shop: Shop) -> None:
    for word in (proof.word(shop, buy().id), proof.word(other_shop, buyer.order.id), "WzEsMV0.x.y"):
        buyer.proof = word
        assert buyer.visits("return").status_code == 403
        assert buyer.chooses(shirt=1).status_code == 403
    assert drafts() == []


def test_another_shop_sees_nothing(buyer: Buyer, client: FlaskClient, other_shop: Shop) -> None:
    answer = Storefront(client, SECOND).get(f"/orders/{buyer.token}/return", query={"proof": buyer.proof})
    assert answer.status_code == 404


def test_another_order_s_return_cannot_be_seen_or_called_off(
    buyer: Buyer, buy: Buy, client: FlaskClient, shop: Shop
) -> None:
    request = buyer.asks_for_a_shirt()
    stranger = Buyer(client, shop, buy())
    for answer in (
        stranger.visits(f"return/requests/{request.id}"),
        stranger.sends(f"return/requests/{request.id}/cancellation"),
        stranger.visits(f"return/requests/{10**30}"),
    ):
        assert answer.status_code == 404
    assert asked()[0].state == "waiting"


# Afterwards


def test_a_buyer_calls_it_off_and_may_ask_again(buyer: Buyer) -> None:
    request = buyer.asks_for_a_shirt()
    buyer.sends(f"return/requests/{request.id}/cancellation")
    assert asked()[0].state == "cancelled"
    assert buyer.sends(f"return/requests/{request.id}/cancellation").status_code == 409
    assert "It was called off." in text(buyer.visits(f"return/requests/{request.id}"))


def test_a_buyer_answers_what_staff_asked(buyer: Buyer, shop: Shop) -> None:
    request = buyer.asks_for_a_shirt()
    there = f"return/requests/{request.id}"
    assert buyer.sends(f"{there}/answer", {"answer": "Nobody asked."}).status_code == 409
    requests.question(shop, request.id, "7", "Has it been washed?")
    assert "Has it been washed?" in text(buyer.visits(there))
    assert buyer.sends(f"{there}/answer", {"answer": " "}).status_code == 422
    buyer.sends(f"{there}/answer", {"answer": "No."})
    assert (asked()[0].content["answer"], asked()[0].is_buyers_turn) == ("No.", False)


def test_the_order_s_page_tells_how_far_it_came(
    buyer: Buyer, shop: Shop, shopify: server.Running, settle: Settle
) -> None:
    assert "Send something back" in text(buyer.visits(""))
    request = buyer.asks_for_a_shirt()
    settle()
    page = text(buyer.visits(""))
    assert page.count(f"{buyer.order.name}-R1") == 2, "once to read, once for who hears the link"
    assert "Request received" in page
    assert "(still to come)" in page
    requests.approve(shop, request.id, "7")
    requests.receive(shop, request.id, "7", {items()[0].id: (1, None)})
    assert "It is back with us." in text(buyer.visits(""))


def test_a_refused_return_says_what_staff_wrote_to_its_buyer_only(
    buyer: Buyer, client: FlaskClient, shop: Shop
) -> None:
    request = buyer.asks_for_a_shirt()
    requests.decline(shop, request.id, "7", "other", "It was worn.", "third time")
    assert "It was worn." in text(buyer.visits(""))
    passed_on = Storefront(client, shop.domain).get(f"/orders/{buyer.token}")
    assert "We could not agree to it." in text(passed_on)
    assert "It was worn." not in passed_on.text
    assert "third time" not in buyer.visits("").text


@pytest.mark.parametrize("locale", ["fr", "de", "es"])
def test_the_steps_speak_the_order_s_language(buy: Buy, client: FlaskClient, shop: Shop, locale: str) -> None:
    reason = {"fr": "Trop petit", "de": "Zu klein", "es": "Demasiado pequeño"}[locale]
    buyer = Buyer(client, shop, buy(customer_locale=locale))
    buyer.chooses(shirt=1)
    assert reason in text(buyer.visits("return/details"))
    assert f'lang="{locale}"' in buyer.visits("return/details").text


def test_every_step_leads_to_the_shops_terms_and_shows_the_photos_that_matter(buyer: Buyer, shop: Shop) -> None:
    buyer.chooses(shirt=1)
    buyer.explains("shirt")
    photos.add(shop, buyer.order.id, buyer.piece("shirt"), photo())
    for step in ("", "/details", "/more", "/check"):
        page = buyer.visits(f"return{step}").text
        assert '/apps/aftercare/returns">The shop’s terms of returns</a>' in page
        assert ("/return/photos/" in page) == (step != "")


# The proof runs out


def types_a_new_code(buyer: Buyer, client: FlaskClient, shop: Shop, page: TestResponse, door: str) -> TestResponse:
    """From the page that asks for it to the next one, by its forms alone."""
    storefront, here = Storefront(client, shop.domain), f"/orders/{buyer.token}"

    def carried(page: TestResponse) -> dict[str, str]:
        return {"aftercare-typed": page.text.split('name="aftercare-typed" value="')[1].split('"')[0]}

    asked_for = storefront.post(f"{here}/code", carried(page), query={"next": door})
    code = codes.current(shop, buyer.order.id)
    again = storefront.post(f"{here}/proof", carried(asked_for) | {"code": "000000"}, query={"next": door})
    led = storefront.post(f"{here}/proof", carried(again) | {"code": code}, query={"next": door})
    buyer.proof = re.search(r"proof=([^\"&]+)", led.text)[1]  # type: ignore[index]
    return buyer.sends(door, carried(led))


def test_what_is_typed_when_the_proof_runs_out_is_there_after_the_new_code(
    buyer: Buyer, client: FlaskClient, shop: Shop, clock: Clock
) -> None:
    buyer.chooses(shirt=1)
    clock.forward(minutes=31)
    answer = buyer.explains("shirt", note="It runs small, and I typed all of this.")
    assert answer.status_code == 403
    assert "What you have just typed is kept" in text(answer)
    assert "I typed all of this" not in answer.text
    types_a_new_code(buyer, client, shop, answer, "return/details")
    page = buyer.visits("return/details").text
    assert "It runs small, and I typed all of this." in page
    assert "Comes back to you €49.90" in text(buyer.visits("return/check"))


def test_a_form_that_was_sealed_for_one_order_opens_in_no_other(
    buyer: Buyer, buy: Buy, client: FlaskClient, shop: Shop, clock: Clock
) -> None:
    buyer.chooses(shirt=1)
    clock.forward(minutes=31)
    page = buyer.explains("shirt", note="Mine.").text
    carried = page.split('name="aftercare-typed" value="')[1].split('"')[0]
    other = Buyer(client, shop, buy())
    for forged in (carried, carried[:-8], "x", "é"):
        assert other.sends("return", {"aftercare-typed": forged}).status_code == 422
    assert "Mine." not in other.visits("return/details").text


def test_every_page_that_is_shown_begins_the_half_hour_anew_but_not_forever(buyer: Buyer, clock: Clock) -> None:
    buyer.chooses(shirt=1)
    for _ in range(24):
        clock.forward(minutes=29)
        page = buyer.visits("return/details")
        assert page.status_code == 200
        buyer.proof = re.search(r"proof=([^\"&]+)", page.text)[1]  # type: ignore[index]
    clock.forward(minutes=29)
    assert buyer.visits("return/details").status_code == 403
