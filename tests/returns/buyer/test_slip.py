"""The slip that Mira puts into the parcel, and how the warehouse finds her return by it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from devstore import server
from shopify_app.db import transaction
from shopify_app.returns import codes, requests
from shopify_app.returns.models import Request
from shopify_app.returns.policy import policies
from shopify_app.returns.policy.terms import Terms
from shopify_app.returns.staff import desk
from shopify_app.shopify.models import Shop
from tests.returns.buyer.conftest import EMAIL, Buyer, Settle, asked, text


@pytest.fixture
def approved(buyer: Buyer, shop: Shop, settle: Settle) -> Request:
    request = buyer.asks_for_a_shirt()
    settle()
    assert requests.approve(shop, request.id, "7")
    settle()
    return asked()[-1]


def test_the_slip_tells_whose_parcel_it_is_and_what_should_be_inside(
    buyer: Buyer, shop: Shop, approved: Request
) -> None:
    page = buyer.visits(f"return/requests/{approved.id}/slip")
    said = text(page)
    assert page.status_code == 200
    assert f"Return {approved.name}" in said
    assert "1 × Linen shirt S" in said
    assert codes.code(shop, approved.id) in said
    assert "<svg" in page.text and "<script" not in page.text
    assert "As it stands on the label." in said


def test_it_says_where_the_parcel_goes_to_where_the_terms_do(buyer: Buyer, shop: Shop, settle: Settle) -> None:
    policies.write(shop, Terms(address=("Lumen Goods", "Lager 3", "04109 Leipzig")), "7")
    with transaction():
        policies.history(shop)[0].in_force_at = policies.history(shop)[1].in_force_at.replace(year=2020)
    request = buyer.asks_for_a_shirt()
    settle()
    requests.approve(shop, request.id, "7")
    assert "Lumen Goods Lager 3 04109 Leipzig" in text(buyer.visits(f"return/requests/{request.id}/slip"))


def test_it_is_linked_where_the_return_is_shown(buyer: Buyer, approved: Request) -> None:
    for page in ("", f"return/requests/{approved.id}"):
        assert f"return/requests/{approved.id}/slip?proof=" in buyer.visits(page).text


def test_it_is_linked_in_the_mail_with_the_label(
    shop: Shop, approved: Request, settle: Settle, shopify: server.Running
) -> None:
    requests.label(shop, approved.id, "7", ("application/pdf", b"%PDF-1.4 %%EOF"), "0034", None)
    settle()
    mail = shopify.mailbox.messages(to=EMAIL)[0]
    assert f"Code: {codes.code(shop, approved.id)}" in mail.text
    assert f"/return/requests/{approved.id}/slip" in mail.text
    assert f"/return/requests/{approved.id}/slip" in mail.html


def test_only_the_buyer_gets_it_and_only_while_something_is_to_be_sent(
    buyer: Buyer, shop: Shop, approved: Request
) -> None:
    page = f"return/requests/{approved.id}/slip"
    buyer.proof = ""
    assert buyer.visits(page).status_code == 403
    assert codes.code(shop, approved.id) not in buyer.visits("").text
    buyer.types_the_code()
    assert buyer.visits(f"return/requests/{approved.id + 1}/slip").status_code == 404
    requests.cancel(shop, approved.id, "buyer")
    assert buyer.visits(page).status_code == 404
    assert "Packing slip" not in text(buyer.visits(""))


def test_staff_finds_a_return_by_its_code_however_it_is_typed(shop: Shop, other_shop: Shop, approved: Request) -> None:
    code = codes.code(shop, approved.id)
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert [row.request.id for row in desk.search(shop, typed).rows] == [approved.id]
    assert desk.search(other_shop, code).rows == []
    assert desk.search(shop, codes.code(other_shop, approved.id)).rows == []


def test_a_code_has_no_sign_that_is_mistaken_for_another_and_tells_nothing_of_its_neighbours(shop: Shop) -> None:
    made = [codes.code(shop, number) for number in range(1, 200)]
    assert len(set(made)) == len(made)
    assert all(re.fullmatch("[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", code) for code in made)
    assert len({code[:4] for code in made}) > 190


def test_a_code_leads_to_its_return_and_nothing_else_is_one(shop: Shop) -> None:
    @given(number=some.integers(0, 2**40 - 1), typed=some.text(max_size=12))
    def holds(number: int, typed: str) -> None:
        assert codes.number(shop, codes.code(shop, number)) == number
        found = codes.number(shop, typed)
        assert found is None or codes.code(shop, found).replace("-", "") == re.sub("[ -]", "", typed.upper())

    holds()
