"""The guide from the install to the first automation: it ticks only what is really so."""

import pytest

from shopify_app import clock
from shopify_app.db import db, transaction
from shopify_app.home.steps import STEPS
from shopify_app.shopify.models import Shop
from shopify_app.tracking.models import Search
from tests.home.conftest import Merchant
from tests.home.test_start import text


def state(merchant: Merchant, name: str) -> str:
    page = merchant.opens("/setup").text
    row = page[page.index(f'clickdelegate="step-{name}"') :].split("</s-table-row>")[0]
    return text(row.split("<s-badge")[1].partition(">")[2])


@pytest.fixture
def fresh(shop: Shop, merchant: Merchant) -> Merchant:
    """Nothing is switched on yet."""
    with transaction():
        shop.settings = {}
    return merchant


def test_a_new_shop_has_everything_before_it(fresh: Merchant) -> None:
    assert {state(fresh, name) for name in STEPS} == {"To do"}
    assert "0 of 9 steps done" in fresh.opens().text


@pytest.mark.parametrize("name", STEPS)
def test_every_step_has_a_page_and_can_be_put_off_and_taken_up_again(fresh: Merchant, name: str) -> None:
    assert "Later, or not for us" in fresh.opens(f"/setup/{name}").text
    assert fresh.sends(f"/setup/{name}/later").status_code == 200
    assert state(fresh, name) == "Put off"
    assert fresh.sends(f"/setup/{name}/again").status_code == 200
    assert state(fresh, name) == "To do"


def test_there_is_no_other_step(fresh: Merchant) -> None:
    assert fresh.opens("/setup/moon").status_code == 404
    assert fresh.sends("/setup/moon/later").status_code == 404


def test_nobody_can_say_that_mails_arrived_of_which_none_went_out(fresh: Merchant) -> None:
    assert fresh.sends("/setup/sender/done").status_code == 409
    assert state(fresh, "sender") == "To do"


def test_terms_are_done_when_somebody_says_that_they_are_right(fresh: Merchant, neighbour: Merchant) -> None:
    assert fresh.sends("/setup/terms/done").status_code == 200
    assert state(fresh, "terms") == "Done"
    assert state(neighbour, "terms") == "To do"


def test_the_look_up_is_seen_at_work_when_somebody_uses_it(fresh: Merchant, shop: Shop) -> None:
    with transaction():
        db.session.add(Search(shop_id=shop.id, at=clock.now()))
    assert state(fresh, "theme") == "Done"
    assert "Last seen at work" in fresh.opens("/setup/theme").text


def test_what_is_switched_on_is_done(fresh: Merchant, shop: Shop) -> None:
    now = clock.now().isoformat()
    with transaction():
        shop.settings = {
            "confirmations": True,
            "parcel_messages": {"shipped": now},
            "carts": {"since": now},
            "feedback": {"since": now},
        }
    automations = ("confirmations", "parcels", "carts", "feedback")
    assert {state(fresh, name) for name in automations} == {"Done"}


def test_the_guide_goes_away_and_comes_back_when_the_merchant_says_so(fresh: Merchant) -> None:
    assert "steps done" in fresh.opens().text
    assert fresh.sends("/setup/away").status_code == 200
    assert "steps done" not in fresh.opens().text
    assert "/setup?" in fresh.opens().text
    assert fresh.sends("/setup/back").status_code == 200
    assert "steps done" in fresh.opens().text


def test_a_guide_with_nothing_left_to_do_leaves_the_start_page_by_itself(fresh: Merchant) -> None:
    for name in STEPS:
        fresh.sends(f"/setup/{name}/later")
    assert "steps done" not in fresh.opens().text


def test_the_theme_editor_opens_with_the_block_in_its_hands(fresh: Merchant) -> None:
    page = fresh.opens("/setup/theme").text
    assert "addAppBlockId=0a1b2c3d4e5f60718293a4b5c6d7e8f9/tracking-link" in page
