"""What staff sees and decides, and what then happens at Shopify, once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from devstore import deeds, server
from devstore.records import Order
from shopify_app import clock as app_clock
from shopify_app.db import rest, transaction
from shopify_app.orders import read
from shopify_app.shopify.models import Shop
from tests.changes.conftest import EMAIL, OWNER, TYPED, Buyer, Settle, change, subjects, text
from tests.conftest import LUMEN, SECOND, Clock, Jobs
from tests.home.conftest import Merchant

Ask = Callable[..., int]


@pytest.fixture
def asked(shopify: server.Running, buyer: Buyer, jobs: Jobs) -> Ask:
    """asked("cancellation"): the buyer has asked, and everybody knows; the number of the request."""

    def ask(path: str = "cancellation", **form: str) -> int:
        assert buyer.sends(path, form or (TYPED if path == "address" else {})).status_code == 200
        jobs.run()
        shopify.mailbox.clear()
        return change().id

    return ask


# What staff sees


def test_a_day_without_requests_is_no_empty_table(staff: Merchant) -> None:
    assert "Nothing waits for you" in staff.opens("/changes").text


def test_staff_sees_who_asks_for_what_with_both_addresses_side_by_side(staff: Merchant, asked: Ask) -> None:
    asked("address")
    page = text(staff.opens("/changes"))
    assert "#1001 · Correct the address" in staff.opens("/changes").text
    assert "Mira Sommer" in page
    assert page.index("Lindenweg 4") < page.index("Ahornweg 9")
    assert "Use the new address" in page


def test_a_buyer_s_reason_is_shown(staff: Merchant, asked: Ask) -> None:
    asked(note="Ordered <twice>")
    assert "Ordered &lt;twice&gt;" in staff.opens("/changes").text


def test_the_shop_is_written_to_with_a_link_and_no_name(shopify: server.Running, buyer: Buyer, jobs: Jobs) -> None:
    buyer.sends("address", TYPED)
    jobs.run()
    [mail] = shopify.mailbox.messages(to=OWNER)
    assert mail.subject == "A buyer corrects the address of order #1001"
    assert "/apps/" in (mail.text or "")
    assert "/changes" in (mail.text or "")
    assert "Sommer" not in f"{mail.text}{mail.html}"


def test_another_shop_sees_and_decides_nothing(app: Flask, staff: Merchant, asked: Ask, other_shop: Shop) -> None:
    number = asked()
    with transaction():
        other_shop.scopes = app.extensions["scopes"]
        other_shop.refresh_expires_at = app_clock.now() + timedelta(days=60)
    neighbour = Merchant(app.test_client(), SECOND)
    assert "Nothing waits for you" in neighbour.opens("/changes").text
    for deed in ("confirmation", "refusal", "retry"):
        assert neighbour.sends(f"/changes/{number}/{deed}").status_code == 404
    assert change().is_undecided


# Confirmed


def test_a_confirmed_cancellation_is_done_refunded_and_told_once(
    shopify: server.Running, shop: Shop, order: Order, staff: Merchant, asked: Ask, settle: Settle
) -> None:
    number = asked()
    assert staff.sends(f"/changes/{number}/confirmation").json == {"toast": "It is being done.", "is_error": False}
    assert staff.sends(f"/changes/{number}/confirmation").status_code == 409
    settle()
    assert (order.cancel_reason, order.refunded) == ("customer", order.paid)
    assert change().result == "done"
    assert subjects(shopify) == ["Order #1001 is cancelled"]
    [mail] = shopify.mailbox.messages(to=EMAIL)
    assert "goes back the way you paid" in (mail.text or "")
    mirrored = read.get(shop, order.id)
    assert mirrored
    assert mirrored.cancelled_at is not None
    page = text(staff.opens("/changes"))
    assert "Carried out by your staff" in page
    settle()
    assert len(subjects(shopify)) == 1


def test_a_confirmed_address_is_where_the_order_goes_to(
    shopify: server.Running, shop: Shop, order: Order, staff: Merchant, asked: Ask, settle: Settle, buyer: Buyer
) -> None:
    staff.sends(f"/changes/{asked('address')}/confirmation")
    settle()
    assert order.shipping_address
    assert (order.shipping_address.address1, order.shipping_address.zip) == ("Ahornweg 9", "04103")
    assert (order.shipping_address.country, order.shipping_address.phone) == ("Germany", "+49 341 2345678")
    assert subjects(shopify) == ["Order #1001 goes to your new address"]
    assert 'value="Ahornweg 9"' in buyer.visits("address").text, "and may be corrected once more"
    rest()
    mirrored = read.get(shop, order.id)
    assert mirrored
    assert mirrored.person["address"]["address1"] == "Ahornweg 9"


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("path", ["cancellation", "address"])
def test_what_the_rule_decides_is_done_without_a_word_to_staff(
    shopify: server.Running, buyer: Buyer, settle: Settle, path: str
) -> None:
    buyer.sends(path, TYPED if path == "address" else {})
    settle()
    assert (change().result, change().decided_by) == ("done", "rule")
    assert subjects(shopify, OWNER) == []
    assert len(subjects(shopify)) == 1


@pytest.mark.usefixtures("at_once")
def test_what_a_fulfilment_service_is_packing_waits_for_staff_after_all(
    shopify: server.Running, order: Order, staff: Merchant, buyer: Buyer, settle: Settle
) -> None:
    deeds.update_order(shopify.state, order, packing=True)
    buyer.sends("address", TYPED)
    settle()
    assert change().is_undecided
    assert subjects(shopify) == ["We have your new address for order #1001"]
    assert subjects(shopify, OWNER) == ["A buyer corrects the address of order #1001"]
    staff.sends(f"/changes/{change().id}/confirmation")
    settle()
    assert change().result == "done"


# Declined


def test_a_declined_request_is_told_with_the_word_of_staff_and_not_asked_again(
    shopify: server.Running, order: Order, staff: Merchant, asked: Ask, settle: Settle, buyer: Buyer
) -> None:
    number = asked()
    answer = staff.sends(f"/changes/{number}/refusal", {"answer": "It is engraved already.\r\nSorry!"})
    assert answer.status_code == 200
    assert staff.sends(f"/changes/{number}/refusal").status_code == 409
    assert staff.sends(f"/changes/{number}/confirmation").status_code == 409
    settle()
    [mail] = shopify.mailbox.messages(to=EMAIL)
    assert mail.subject == "Order #1001 could not be cancelled"
    for part in (mail.text, mail.html):
        assert "It is engraved already." in (part or "")
    assert order.cancelled_at is None
    assert "We could not cancel this order." in text(buyer.visits("cancellation"))
    assert buyer.sends("cancellation").status_code == 409
    assert "Declined" in text(staff.opens("/changes"))


@pytest.mark.parametrize("answer", ["x" * 1001, "a\x00b"])
def test_a_word_that_no_mail_can_hold_is_said_at_once(staff: Merchant, asked: Ask, answer: str) -> None:
    refused = staff.sends(f"/changes/{asked()}/refusal", {"answer": answer})
    assert refused.status_code == 422
    assert change().is_undecided


# Too late


def test_what_was_sent_before_staff_looked_ends_by_itself(
    shopify: server.Running, order: Order, staff: Merchant, asked: Ask, settle: Settle
) -> None:
    number = asked()
    deeds.fulfil(shopify.state, order)
    settle()
    assert change().result == "too_late"
    assert subjects(shopify) == ["Order #1001 could not be cancelled"]
    [mail] = shopify.mailbox.messages(to=EMAIL)
    assert "It had been sent before" in (mail.text or "")
    assert staff.sends(f"/changes/{number}/confirmation").status_code == 409


def test_what_was_sent_between_the_click_and_the_call_is_too_late(
    shopify: server.Running, order: Order, staff: Merchant, asked: Ask, settle: Settle
) -> None:
    """Shopify's news of it are lost: only the look before the call knows."""
    shopify.faults.webhooks.dropped = 100
    deeds.fulfil(shopify.state, order, [(order.lines[0].id, 1)])
    staff.sends(f"/changes/{asked('address')}/confirmation")
    settle()
    assert change().result == "too_late"
    assert order.shipping_address
    assert order.shipping_address.address1 == "Lindenweg 4"
    assert subjects(shopify) == ["The address of order #1001 could not be changed"]


def test_an_order_that_staff_cancelled_in_shopify_is_what_the_buyer_asked_for(
    shopify: server.Running, order: Order, asked: Ask, settle: Settle
) -> None:
    asked()
    deeds.cancel(shopify.state, order)
    settle()
    assert change().result == "done"
    assert subjects(shopify) == ["Order #1001 is cancelled"]


def test_the_address_of_a_cancelled_order_is_nobody_s_any_more(
    shopify: server.Running, order: Order, asked: Ask, settle: Settle
) -> None:
    asked("address")
    deeds.cancel(shopify.state, order)
    settle()
    assert change().result == "too_late"
    [mail] = shopify.mailbox.messages(to=EMAIL)
    assert "The order had been cancelled before." in (mail.text or "")


def test_what_ends_at_shopify_without_news_is_noticed_by_itself(
    shopify: server.Running, order: Order, asked: Ask, settle: Settle, clock: Clock
) -> None:
    asked()
    shopify.faults.webhooks.dropped = 100
    deeds.fulfil(shopify.state, order)
    clock.forward(hours=2)
    settle()
    clock.forward(hours=2)
    settle()
    assert change().result == "too_late"


# Shopify


def test_while_shopify_is_away_it_waits_and_is_done_when_it_is_back(
    shopify: server.Running, order: Order, staff: Merchant, asked: Ask, settle: Settle, clock: Clock
) -> None:
    number = asked()
    shopify.faults.graphql.outage = True
    staff.sends(f"/changes/{number}/confirmation")
    settle()
    assert (change().result, change().error) == (None, "Unavailable")
    page = text(staff.opens("/changes"))
    assert "Being done" in page
    assert "Shopify has not answered yet (Unavailable)." in page
    shopify.faults.graphql.outage = False
    clock.forward(minutes=5)
    settle()
    assert change().result == "done"
    assert subjects(shopify) == ["Order #1001 is cancelled"]


def test_after_a_day_without_shopify_staff_may_try_again(
    shopify: server.Running, staff: Merchant, asked: Ask, jobs: Jobs, settle: Settle, clock: Clock, buyer: Buyer
) -> None:
    number = asked("address")
    shopify.faults.graphql.outage = True
    staff.sends(f"/changes/{number}/confirmation")
    for _ in range(9):
        jobs.run()
        clock.forward(hours=15)
    buyer.types_the_code()
    assert change().result == "dead"
    assert "Shopify has not answered for a day" in text(staff.opens("/changes"))
    page = buyer.visits("address")
    assert "answer soon" in text(page), "the buyer still waits"
    assert "<form" not in page.text
    shopify.faults.graphql.outage = False
    assert staff.sends(f"/changes/{number}/retry").status_code == 200
    assert staff.sends(f"/changes/{number}/retry").status_code == 409
    settle()
    assert change().result == "done"


def test_what_shopify_refuses_is_shown_and_can_be_tried_again_or_declined(
    shopify: server.Running, order: Order, staff: Merchant, asked: Ask, settle: Settle
) -> None:
    number = asked()
    parcel = deeds.fulfil(shopify.state, order)
    deeds.request_return(shopify.state, order, [(order.lines[0].id, 1)], reason="COLOR")
    deeds.cancel_fulfillment(shopify.state, parcel)
    shopify.faults.webhooks.dropped = 100
    staff.sends(f"/changes/{number}/confirmation")
    settle()
    assert change().result == "refused"
    assert subjects(shopify) == []
    page = text(staff.opens("/changes"))
    assert "Shopify says: INVALID Cannot cancel an order with returns in progress" in page
    assert staff.sends(f"/changes/{number}/retry").status_code == 200
    settle()
    assert change().result == "refused"
    assert staff.sends(f"/changes/{number}/refusal").status_code == 200
    settle()
    assert subjects(shopify) == ["Order #1001 could not be cancelled"]


def test_a_cancellation_that_shopify_gave_up_is_shown(
    shopify: server.Running, staff: Merchant, asked: Ask, settle: Settle
) -> None:
    number = asked()
    shopify.faults.graphql.job_failed = 1
    staff.sends(f"/changes/{number}/confirmation")
    settle()
    assert change().result == "refused"
    assert "gave up without saying why" in text(staff.opens("/changes"))
    staff.sends(f"/changes/{number}/retry")
    settle()
    assert change().result == "done"


def test_a_cancellation_that_takes_its_time_is_waited_for(
    shopify: server.Running, order: Order, staff: Merchant, asked: Ask, settle: Settle
) -> None:
    number = asked()
    shopify.faults.graphql.job_seconds = 60
    staff.sends(f"/changes/{number}/confirmation")
    settle()
    assert (change().result, change().error) == (None, None)
    assert subjects(shopify) == []
    deeds.cancel(shopify.state, order)
    settle()
    assert change().result == "done"
    assert subjects(shopify) == ["Order #1001 is cancelled"]


def test_a_throttled_call_comes_again(shopify: server.Running, staff: Merchant, asked: Ask, settle: Settle) -> None:
    number = asked("address")
    shopify.faults.graphql.throttled = 1
    staff.sends(f"/changes/{number}/confirmation")
    settle()
    settle()
    assert change().result == "done"


READ_ONLY = ("read_customers", "read_fulfillments", "read_orders", "read_products", "read_returns", "write_app_proxy")


def test_without_the_permission_staff_reads_what_to_do(
    shopify: server.Running, staff: Merchant, asked: Ask, settle: Settle
) -> None:
    number = asked()
    deeds.grant(shopify.state, LUMEN, READ_ONLY)
    settle()
    assert "agree to its new permission" in text(staff.opens("/changes"))
    answer = staff.sends(f"/changes/{number}/confirmation")
    assert answer.status_code == 409
    assert "has not allowed Aftercare to change orders" in answer.json["toast"]
    assert change().is_undecided
    deeds.grant(shopify.state, LUMEN, ("write_orders", *READ_ONLY))
    settle()
    assert "agree to its new permission" not in text(staff.opens("/changes"))
    assert staff.sends(f"/changes/{number}/confirmation").status_code == 200


@pytest.mark.usefixtures("at_once")
def test_what_the_rule_may_not_do_waits_for_staff(
    shopify: server.Running, staff: Merchant, buyer: Buyer, settle: Settle
) -> None:
    deeds.grant(shopify.state, LUMEN, READ_ONLY)
    settle()
    buyer.sends("cancellation")
    settle()
    assert (change().is_undecided, change().error) == (True, "no_scope")
    assert (len(subjects(shopify)), len(subjects(shopify, OWNER))) == (1, 1)
    assert "Open Aftercare anew" in text(staff.opens("/changes"))
    deeds.grant(shopify.state, LUMEN, ("write_orders", *READ_ONLY))
    settle()
    staff.sends(f"/changes/{change().id}/confirmation")
    settle()
    assert change().result == "done"


# Settings


def test_a_merchant_chooses_who_decides(shop: Shop, staff: Merchant) -> None:
    page = staff.opens("/changes/settings").text
    assert re.search(r'<s-option value="staff" selected', page)
    form = {"cancel": "at once", "cancel_minutes": "30", "address": "off", "address_minutes": "60"}
    assert staff.sends("/changes/settings", form).json == {"toast": "Saved", "is_error": False}
    rest()
    cancel, address = shop.settings["changes"]["cancel"], shop.settings["changes"]["address"]
    assert (cancel, address["how"]) == ({"how": "at once", "minutes": 30}, "off")
    page = staff.opens("/changes/settings").text
    assert '<s-option value="at once" selected' in page
    assert 'value="30"' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("cancel", "maybe"), ("cancel_minutes", "0"), ("address_minutes", "²"), ("address_minutes", "")],
)
def test_a_wrong_setting_is_said_at_its_field_and_changes_nothing(
    shop: Shop, staff: Merchant, field: str, value: str
) -> None:
    form = {"cancel": "staff", "cancel_minutes": "30", "address": "off", "address_minutes": "60"}
    answer = staff.sends("/changes/settings", form | {field: value})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    rest()
    assert "changes" not in shop.settings


def test_the_order_s_timeline_tells_of_the_request(staff: Merchant, order: Order, asked: Ask) -> None:
    asked()
    page = text(staff.opens(f"/orders/{order.id}"))
    assert "The buyer asked: Cancel the order" in page
    assert "Receipt of a request" in page
