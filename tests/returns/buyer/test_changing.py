"""A buyer who forgot an item, or wants something else after all, changes the return that is open."""

import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from devstore import server
from devstore.records import Product
from shopify_app.returns import photos, requests
from shopify_app.returns.models import Request
from shopify_app.returns.policy import policies
from shopify_app.returns.policy.terms import Approval, Terms
from shopify_app.shopify.models import Shop
from tests.buyers import sign
from tests.conftest import Clock
from tests.returns.buyer.conftest import Buy, Buyer, Settle, asked, drafts, photo, text


@pytest.fixture
def agreeing(shop: Shop, clock: Clock) -> None:
    """The rule approves refunds of at most €60.00, before anybody buys."""
    policies.write(shop, Terms(approval=Approval(outcomes=("refund",), most=60_00)), None)
    clock.forward(seconds=2)


def held(shop: Shop, request: Request) -> list[tuple[int, str]]:
    """Units and outcomes."""
    return [(item.quantity, item.outcome) for item in requests.items(shop, [request.id])[request.id]]


def words(shop: Shop, request: Request) -> list[str]:
    return [entry.word for entry in requests.entries(shop, request.id)]


class Changing:
    """The steps of one change."""

    def __init__(self, buyer: Buyer, number: int) -> None:
        self.buyer, self.here = buyer, f"return/requests/{number}/change"

    def opens(self, step: str = "") -> Any:
        return self.buyer.visits(f"{self.here}/{step}")

    def chooses(self, **units: int) -> Any:
        form = {f"units-{self.buyer.piece(title)}": str(count) for title, count in units.items()}
        return self.buyer.sends(self.here, form)

    def explains(self, **told: str) -> Any:
        """explains(lamp="too-small refund"): reason and outcome of each."""
        form = {}
        for title, said in told.items():
            reason, outcome = said.split()
            form |= {f"reason-{self.buyer.piece(title)}": reason, f"outcome-{self.buyer.piece(title)}": outcome}
        return self.buyer.sends(f"{self.here}/details", form)

    def agrees(self, seen: str = "") -> Any:
        return self.buyer.sends(f"{self.here}/check", {"seen": seen or self.seen()})

    def seen(self) -> str:
        return str(self.opens("check").text.split('name="seen" value="')[1].split('"')[0])


def test_a_forgotten_lamp_is_added_and_the_return_keeps_its_name(
    buyer: Buyer, shop: Shop, shopify: server.Running, settle: Settle
) -> None:
    request = buyer.asks_for_a_shirt()
    settle()
    change = Changing(buyer, request.id)
    assert "Change this return" in text(buyer.visits(f"return/requests/{request.id}"))
    first = change.opens()
    assert '<option value="1" selected>' in first.text
    assert "You are changing your return" in text(first)
    change.chooses(shirt=1, lamp=1)
    assert '<option value="too-small" selected>' in change.opens("details").text
    change.explains(lamp="changed-my-mind refund")
    check = text(change.opens("check"))
    assert "Comes back to you €139.80" in check
    assert "Send the change" in check
    assert held(shop, asked()[0]) == [(1, "refund")]
    change.agrees()
    settle()
    (request,) = asked()
    name = f"{buyer.order.name}-R1"
    assert (request.state, request.name, request.expected) == ("waiting", name, 13980)
    assert held(shop, request) == [(1, "refund"), (1, "refund")]
    assert words(shop, request) == ["asked", "filed", "changed"]
    assert [one.status for one in buyer.order.returns] == ["DECLINED", "REQUESTED"]
    assert drafts() == []


def test_money_becomes_store_credit(buyer: Buyer, shop: Shop, settle: Settle) -> None:
    request = buyer.asks_for_a_shirt()
    settle()
    change = Changing(buyer, request.id)
    change.chooses(shirt=2)
    change.explains(shirt="too-small credit")
    change.agrees()
    settle()
    assert held(shop, asked()[0]) == [(2, "credit")]


def test_an_exchange_asks_for_its_size_and_opens_with_the_one_chosen(
    buyer: Buyer, shop: Shop, shirt: Product, settle: Settle
) -> None:
    request = buyer.asks_for_a_shirt()
    settle()
    change, piece = Changing(buyer, request.id), buyer.piece("shirt")
    change.chooses(shirt=1)
    change.explains(shirt="too-small exchange")
    buyer.sends(f"{change.here}/more", {f"variant-{piece}": str(shirt.variants[1].id)})
    change.agrees()
    settle()
    assert held(shop, asked()[0]) == [(1, "exchange")]
    change.chooses(shirt=1)
    change.explains(shirt="too-small exchange")
    assert f'<option value="{shirt.variants[1].id}" selected>' in change.opens("more").text


def test_what_was_agreed_to_by_the_rule_is_agreed_to_again(
    agreeing: None, buy: Buy, client: FlaskClient, shop: Shop, settle: Settle
) -> None:
    buyer = Buyer(client, shop, buy())
    request = buyer.asks_for_a_shirt()
    settle()
    assert asked()[0].state == "approved"
    change = Changing(buyer, request.id)
    change.chooses(shirt=1)
    change.explains(shirt="changed-my-mind refund")
    assert "Your return is agreed at once" in text(change.opens("check"))
    change.agrees()
    settle()
    assert (asked()[0].state, asked()[0].decided_by) == ("approved", "rule")
    assert [one.status for one in buyer.order.returns] == ["CANCELED", "OPEN"]
    assert words(shop, asked()[0]) == ["asked", "approved", "filed", "changed", "approved"]


def test_what_the_rule_does_not_agree_to_waits_for_staff_again_and_says_so(
    agreeing: None, buy: Buy, client: FlaskClient, shop: Shop, shopify: server.Running, settle: Settle
) -> None:
    buyer = Buyer(client, shop, buy())
    request = buyer.asks_for_a_shirt()
    settle()
    change = Changing(buyer, request.id)
    change.chooses(shirt=2)
    change.explains(shirt="too-small refund")
    assert "Your return was agreed already. With this change we look at it once more" in text(change.opens("check"))
    change.agrees()
    settle()
    request = asked()[0]
    assert (request.state, request.decided_at, request.decided_by) == ("waiting", None, None)
    assert [one.status for one in buyer.order.returns] == ["CANCELED", "REQUESTED"]
    assert requests.approve(shop, request.id, "7")
    settle()
    assert buyer.order.returns[-1].status == "OPEN"
    subjects = [mail.subject for mail in shopify.mailbox.messages(to="mira.sommer@example.com")][::-1]
    name = buyer.order.name
    approved, seen = f"Your return of order {name} is approved", f"We have your return of order {name}"
    assert subjects == [approved, seen, approved]


def test_what_staff_declines_before_shopify_heard_of_the_change_is_called_off_there(
    agreeing: None, buy: Buy, client: FlaskClient, shop: Shop, settle: Settle
) -> None:
    buyer = Buyer(client, shop, buy())
    request = buyer.asks_for_a_shirt()
    settle()
    change = Changing(buyer, request.id)
    change.chooses(shirt=2)
    change.explains(shirt="too-small refund")
    change.agrees()
    assert requests.decline(shop, request.id, "7", "other", "Not these.")
    settle()
    assert asked()[0].state == "declined"
    assert [one.status for one in buyer.order.returns] == ["CANCELED"]


def test_nothing_of_the_change_is_lost_on_the_way_and_a_new_return_has_a_draft_of_its_own(
    buyer: Buyer, settle: Settle
) -> None:
    request = buyer.asks_for_a_shirt()
    settle()
    change = Changing(buyer, request.id)
    change.chooses(shirt=2)
    buyer.chooses(lamp=1)
    assert '<option value="2" selected>' in change.opens().text
    assert "Reading lamp" not in text(change.opens("details"))
    assert "Linen shirt" not in text(buyer.visits("return/details"))
    assert len(drafts()) == 2


def test_looking_at_a_change_changes_nothing(buyer: Buyer, settle: Settle) -> None:
    request = buyer.asks_for_a_shirt()
    settle()
    for step in ("", "details", "more", "check"):
        assert Changing(buyer, request.id).opens(step).status_code == 200
    assert drafts() == []


def test_a_second_click_changes_nothing_twice(app: Flask, buyer: Buyer, shop: Shop, settle: Settle) -> None:
    request = buyer.asks_for_a_shirt()
    settle()
    change = Changing(buyer, request.id)
    change.chooses(shirt=2)
    change.explains(shirt="too-small refund")
    query, seen = sign(shop.domain, {"proof": buyer.proof}), change.seen()
    ready, answers = threading.Barrier(3), []

    def click() -> None:
        ready.wait()
        page = f"/proxy/orders/{buyer.token}/{change.here}/check?{query}"
        answers.append(app.test_client().post(page, data={"seen": seen}).status_code)

    clicks = [threading.Thread(target=click) for _ in range(3)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert answers == [200] * 3
    assert words(shop, asked()[0]).count("changed") == 1


def approved_meanwhile(buyer: Buyer, shop: Shop, settle: Settle) -> tuple[Request, Changing, str]:
    """A change that is all but sent, and what its buyer has seen of it, when staff approve what was asked before."""
    request = buyer.asks_for_a_shirt()
    settle()
    change = Changing(buyer, request.id)
    change.chooses(shirt=2)
    change.explains(shirt="too-small refund")
    seen = change.seen()
    assert requests.approve(shop, request.id, "7")
    return request, change, seen


def test_what_staff_decides_meanwhile_is_shown_before_anything_is_sent(
    buyer: Buyer, shop: Shop, settle: Settle
) -> None:
    _, change, seen = approved_meanwhile(buyer, shop, settle)
    answer = change.agrees(seen)
    assert answer.status_code == 409
    assert "Something has changed" in text(answer)
    assert held(shop, asked()[0]) == [(1, "refund")]


@pytest.mark.parametrize("why", ["received", "labelled", "called off"])
def test_once_something_came_back_or_may_be_on_its_way_it_stays_as_it_is(
    buyer: Buyer, shop: Shop, settle: Settle, why: str
) -> None:
    request, change, seen = approved_meanwhile(buyer, shop, settle)
    item = requests.items(shop, [request.id])[request.id][0]
    if why == "received":
        assert requests.receive(shop, request.id, "7", {item.id: (1, None)})
    elif why == "labelled":
        assert requests.label(shop, request.id, "7", None, "123", "https://carrier.example/123")
    else:
        assert requests.cancel(shop, request.id, "buyer")
    for answer in (change.agrees(seen), change.opens("check"), change.chooses(shirt=1)):
        assert answer.status_code == 409
        assert "This is not possible any more." in text(answer)
    assert "Change this return" not in text(buyer.visits(f"return/requests/{request.id}"))
    assert held(shop, asked()[0]) == [(1, "refund")]


def test_no_more_can_be_added_than_there_is(buyer: Buyer, shop: Shop, settle: Settle) -> None:
    request = buyer.asks_for_a_shirt()
    settle()
    other = buyer.asks_for_a_shirt()
    settle()
    answer = Changing(buyer, request.id).chooses(shirt=2)
    assert answer.status_code == 422
    assert "Only 1 piece is left." in text(answer)
    assert [held(shop, one) for one in (request, other)] == [[(1, "refund")]] * 2


def test_what_was_asked_for_in_time_stays_and_what_is_added_is_judged_by_today(
    buyer: Buyer, shop: Shop, settle: Settle, clock: Clock
) -> None:
    request = buyer.asks_for_a_shirt()
    settle()
    clock.forward(days=40)
    buyer.types_the_code()
    change = Changing(buyer, request.id)
    assert change.chooses(shirt=1, lamp=1).status_code == 422
    assert change.chooses(shirt=1).status_code == 200
    change.explains(shirt="changed-my-mind credit")
    change.agrees()
    assert held(shop, asked()[0]) == [(1, "credit")]


def test_a_strangers_return_is_none(buyer: Buyer, buy: Buy, client: FlaskClient, shop: Shop, settle: Settle) -> None:
    request = buyer.asks_for_a_shirt()
    other = Buyer(client, shop, buy())
    for number in (request.id, request.id + 99, 10**30):
        change = Changing(other, number)
        assert change.opens().status_code in (404, 409)
        assert other.sends(f"{change.here}/check", {"seen": "00"}).status_code in (404, 409)
    buyer.proof = ""
    assert Changing(buyer, request.id).opens("details").status_code == 403
    assert (
        f"next=return%2Frequests%2F{request.id}%2Fchange%2Fdetails" in Changing(buyer, request.id).opens("details").text
    )


def test_the_photos_that_were_sent_stay_and_another_one_comes_along(buyer: Buyer, shop: Shop, settle: Settle) -> None:
    piece = buyer.piece("shirt")
    buyer.chooses(shirt=1)
    buyer.explains("shirt")
    photos.add(shop, buyer.order.id, piece, photo())
    buyer.agrees()
    settle()
    request = asked()[0]
    change = Changing(buyer, request.id)
    change.chooses(shirt=1)
    change.explains(shirt="too-small refund")
    page = change.opens("more").text
    assert "return/photos/" in page
    assert 'name="remove"' not in page
    photos.add(shop, buyer.order.id, piece, photo())
    change.agrees()
    assert len(photos.of_request(shop, request.id)) == 2
