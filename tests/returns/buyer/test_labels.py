"""The label that Mira waits for, uses in time, or lets run out."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from devstore import server
from shopify_app import clock as app_clock
from shopify_app.db import transaction
from shopify_app.returns import requests
from shopify_app.returns.models import Request
from shopify_app.returns.policy import policies, terms
from shopify_app.returns.policy.terms import Terms
from shopify_app.returns.staff import desk
from shopify_app.shopify.models import Shop
from tests.conftest import Clock
from tests.mail.offers import until
from tests.returns.buyer.conftest import EMAIL, Buyer, Settle, asked, text

PDF = ("application/pdf", b"%PDF-1.4 %%EOF")
COMING = "Your label is coming: we send it by mail, and it appears here."
RUN_OUT = "Your label has run out: it could be used until"
Give = Callable[..., Request]


@pytest.fixture
def approved(buyer: Buyer, shop: Shop, settle: Settle) -> Request:
    request = buyer.asks_for_a_shirt()
    settle()
    assert requests.approve(shop, request.id, "7")
    settle()
    return asked()[-1]


@pytest.fixture
def give(shop: Shop, approved: Request, settle: Settle) -> Give:
    """give(days): staff give a label that holds so many days more."""

    def give_(days: int | None) -> Request:
        until = None if days is None else app_clock.now().date() + timedelta(days=days)
        assert requests.label(shop, approved.id, "7", PDF, "0034", None, until)
        settle()
        return asked()[-1]

    return give_


def missing(shop: Shop) -> list[int]:
    """What staff's list of missing labels holds."""
    return [row.request.id for row in desk.page(shop, "labels", "7").rows]


def page(buyer: Buyer, request: Request) -> str:
    buyer.types_the_code()
    return text(buyer.visits(f"return/requests/{request.id}"))


def subjects(shopify: server.Running) -> list[str]:
    return [mail.subject for mail in shopify.mailbox.messages(to=EMAIL)]


def test_whom_the_terms_promise_a_label_waits_for_it_and_staff_see_that_it_is_missing(
    buyer: Buyer, shop: Shop, approved: Request, shopify: server.Running, give: Give
) -> None:
    assert COMING in page(buyer, approved)
    assert "please wait for it before you send anything" in shopify.mailbox.messages(to=EMAIL)[0].text
    assert missing(shop) == [approved.id]
    give(None)
    assert COMING not in page(buyer, approved)
    assert "Open the label" in page(buyer, approved)
    assert missing(shop) == []


def test_whoever_pays_the_carrier_alone_is_promised_nothing(
    buyer: Buyer, shop: Shop, settle: Settle, shopify: server.Running
) -> None:
    with transaction():
        policies.settle(shop)
        policies.history(shop)[0].content = terms.packed(Terms(label="buyer"))
    request = buyer.asks_for_a_shirt()
    settle()
    requests.approve(shop, request.id, "7")
    settle()
    assert COMING not in page(buyer, request)
    assert "label" not in shopify.mailbox.messages(to=EMAIL)[0].text
    assert missing(shop) == []


def test_the_buyer_reads_until_when_the_label_holds(buyer: Buyer, give: Give, shopify: server.Running) -> None:
    request = give(20)
    day = date.fromisoformat(request.content["label"]["until"])
    said = f"{day:%b} {day.day}, {day:%Y}"
    assert f"Please use your label until {said}." in page(buyer, request)
    assert f"Valid until: {said}" in shopify.mailbox.messages(to=EMAIL)[0].text


def test_three_days_before_it_runs_out_the_buyer_is_told_once(
    give: Give, clock: Clock, settle: Settle, shopify: server.Running
) -> None:
    until(clock, 12)
    give(20)
    shopify.mailbox.clear()
    clock.forward(days=16)
    settle()
    assert subjects(shopify) == []
    clock.forward(days=1)
    settle()
    assert [one for one in subjects(shopify) if "runs out soon" in one] == subjects(shopify) != []
    clock.forward(days=2)
    settle()
    assert len(subjects(shopify)) == 1


def test_nobody_is_told_of_a_label_that_another_one_took_the_place_of_or_whose_parcel_is_back(
    give: Give, shop: Shop, clock: Clock, settle: Settle, shopify: server.Running
) -> None:
    give(10)
    request = give(30)
    clock.forward(days=8)
    settle()
    assert not any("runs out" in one for one in subjects(shopify))
    [item] = requests.items(shop, [request.id])[request.id]
    requests.receive(shop, request.id, "7", {item.id: (1, None)})
    clock.forward(days=20)
    settle()
    assert not any("runs out" in one for one in subjects(shopify))


def test_a_label_holds_until_the_last_second_of_its_last_day_in_the_shop_s_zone(
    buyer: Buyer, give: Give, clock: Clock, shop: Shop
) -> None:
    request = give(2)
    last = date.fromisoformat(request.content["label"]["until"])
    while app_clock.now().date() < last:
        clock.forward(hours=6)
    assert RUN_OUT not in page(buyer, request)
    clock.forward(days=1, hours=1)
    assert RUN_OUT in page(buyer, request)


def test_a_label_that_ran_out_can_be_asked_for_anew_once(buyer: Buyer, shop: Shop, give: Give, clock: Clock) -> None:
    request = give(5)
    path = f"return/requests/{request.id}/label"
    assert buyer.sends(path).status_code == 409
    clock.forward(days=7)
    said = page(buyer, request)
    assert RUN_OUT in said
    assert "Open the label" not in said
    assert "Ask for a new label" in said
    assert missing(shop) == []
    assert buyer.sends(path).status_code == 200
    assert buyer.sends(path).status_code == 409
    assert [one.word for one in requests.entries(shop, request.id)].count("label_asked") == 1
    assert missing(shop) == [request.id]
    said = page(buyer, request)
    assert "You have asked for a new one" in said
    assert "Ask for a new label" not in said
    give(30)
    assert missing(shop) == []
    assert "Open the label" in page(buyer, request)


def test_nobody_else_can_ask_for_it(buyer: Buyer, shop: Shop, give: Give, clock: Clock) -> None:
    request = give(1)
    clock.forward(days=3)
    buyer.proof = ""
    assert buyer.sends(f"return/requests/{request.id}/label").status_code == 403
    buyer.types_the_code()
    assert buyer.sends(f"return/requests/{request.id + 1}/label").status_code == 404
    assert missing(shop) == []
