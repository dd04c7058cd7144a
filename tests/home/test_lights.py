"""Lights of the health page: what goes out, what it says, and what its one button does."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from devstore import server
from shopify_app import clock as app_clock
from shopify_app import work
from shopify_app.db import db, rest, transaction
from shopify_app.home.lights import rows
from shopify_app.mail import refusals
from shopify_app.mail.models import Message, Refusal
from shopify_app.orders import reconcile, record
from shopify_app.orders.models import Sync
from shopify_app.shopify.models import Shop, named
from shopify_app.webhooks.models import Webhook
from shopify_app.work import Chore
from tests import orders
from tests.buyers import Tell
from tests.conftest import LUMEN, Clock, Jobs
from tests.home.conftest import Merchant
from tests.home.test_order import text


def says(merchant: Merchant) -> str:
    return text(merchant.opens("/health/lights").text)


def keep(*made: Any) -> None:
    with transaction():
        db.session.add_all(made)


@pytest.fixture(autouse=True)
def ticking(app: Any) -> None:
    """The clock has just come by."""
    keep(Chore(name="sweep", due_at=app_clock.now()))


def dead(shop: Shop, kind: str = "product", subject: int = 1) -> Sync:
    row = Sync(shop_id=shop.id, kind=kind, subject=subject, count=0, misses=0, tries=8, error="Unavailable")
    row.done_at, row.result = app_clock.now(), work.DEAD
    keep(row)
    return row


def state(row: Sync) -> tuple[str | None, int]:
    rest()
    found = db.session.get(Sync, row.id)
    assert found is not None
    return found.result, found.tries


def sent(shop: Shop, number: int, **columns: Any) -> list[Message]:
    now = app_clock.now()
    usual = {"shop_id": shop.id, "template": "confirmations/welcome", "created_at": now, "sending_at": now}
    usual |= {"result": "sent", "done_at": now}
    made = [Message(key=f"confirmation/{one}", **(usual | columns)) for one in range(number)]
    keep(*made)
    return made


def test_the_page_is_there_before_anything_is_looked_up(merchant: Merchant) -> None:
    """Nothing is asked of Shopify either: in this test there is none."""
    page = merchant.opens("/health").text
    assert 'data-part="/health/lights?' in page
    assert "Everything works" not in page


def test_when_all_is_well_one_sentence_says_so(merchant: Merchant, shop: Shop) -> None:
    reconcile.begin(shop)
    said = says(merchant)
    assert "Everything works" in said
    assert "Does not work:" not in said and "Look at this:" not in said
    assert "Repair what can be repaired" not in said


def test_a_topic_that_has_not_happened_is_nothing_bad(merchant: Merchant, tell: Tell) -> None:
    tell("orders/create", orders.order())
    said = says(merchant)
    assert "Everything works" in said
    heard, quiet = said.split("Quiet:")
    assert "Order placed" in heard and "Order placed" not in quiet
    assert "Return requested" in quiet


def test_orders_of_which_nothing_was_told_are_a_fault(merchant: Merchant, shop: Shop, tell: Tell, clock: Clock) -> None:
    tell("orders/create", orders.order())
    clock.forward(hours=3)
    placed = (app_clock.now() - timedelta(minutes=10)).isoformat()
    found = orders.order(4712, name="#1002", created_at=placed, processed_at=placed, updated_at=placed)
    with transaction():
        record.order(shop.id, found, app_clock.now())
    ticking_again()
    assert "Shopify has told nothing since" in says(merchant)
    reconcile.begin(shop)
    assert merchant.sends("/health/repairs/rounds").status_code == 200
    rest()
    due = db.session.scalars(db.select(Sync.due_at).where(Sync.kind.in_(("recent", "nightly")))).all()
    assert len(due) == 2
    assert all(moment <= app_clock.now() for moment in due)


def ticking_again() -> None:
    with transaction():
        db.session.execute(db.update(Chore).values(due_at=app_clock.now()))


def test_every_kind_of_work_has_a_name_that_a_merchant_knows() -> None:
    assert rows.NAMES.keys() == rows.kinds().keys()


def test_what_was_given_up_is_shown_and_tried_again_one_by_one(merchant: Merchant, shop: Shop) -> None:
    first, second = dead(shop), dead(shop, subject=2)
    said = says(merchant)
    assert "2 were tried for a day in vain: Reading from Shopify." in said
    assert "Given up: Reading from Shopify" in said
    answer = merchant.sends(f"/health/work/syncs/{first.id}/retry")
    assert answer.json == {"toast": "It is being tried again.", "is_error": False}
    assert (state(first), state(second)) == ((None, 0), (work.DEAD, 8))
    assert merchant.sends(f"/health/work/syncs/{first.id}/retry").status_code == 404, "it is not given up any more"


def test_all_of_a_kind_are_tried_again_at_once(merchant: Merchant, shop: Shop) -> None:
    made = [dead(shop, subject=number) for number in range(3)]
    assert merchant.sends("/health/work/changes/retries").status_code == 409
    answer = merchant.sends("/health/work/syncs/retries")
    assert answer.json == {"toast": "3 are being tried again.", "is_error": False}
    assert {state(one) for one in made} == {(None, 0)}


def test_what_no_kind_of_work_is_is_not_found(merchant: Merchant) -> None:
    assert merchant.sends("/health/work/shops/1/retry").status_code == 404
    assert merchant.sends("/health/work/shops/retries").status_code == 404
    assert merchant.sends("/health/repairs/everything").status_code == 404


def test_another_shops_work_is_neither_shown_nor_tried_again(
    merchant: Merchant, neighbour: Merchant, shop: Shop
) -> None:
    row = dead(shop)
    assert "Given up:" not in says(neighbour)
    for path in ("/health/work/syncs/retries", "/health/repairs/work", "/health/repairs"):
        assert neighbour.sends(path).status_code == 409
    assert state(row) == (work.DEAD, 8)


def test_one_button_repairs_what_can_be_repaired_and_says_what_it_did(
    merchant: Merchant, shop: Shop, tell: Tell
) -> None:
    tell("orders/create", {"id": 4711})
    lost, begun = dead(shop), dead(shop, "import", 0)
    ticking_again()
    assert "Repair what can be repaired" in says(merchant)
    answer = merchant.sends("/health/repairs")
    assert answer.status_code == 200
    toast = answer.json["toast"] if answer.json else ""
    assert "1 is being tried again." in toast
    assert "The orders are being read again." in toast
    assert state(lost)[0] is None and state(begun)[0] is None
    rest()
    assert db.session.scalars(db.select(Webhook.result)).one() is None
    assert merchant.sends("/health/repairs").status_code == 409, "there is nothing left to repair"


def test_a_clock_that_stands_still_is_noticed(merchant: Merchant, clock: Clock) -> None:
    clock.forward(minutes=5)
    assert "Does not work: Clock It stands still since" in says(merchant)
    ticking_again()
    assert "All right: Clock It runs" in says(merchant)


def test_workers_that_do_nothing_are_noticed_by_the_age_of_their_work(
    merchant: Merchant, shop: Shop, clock: Clock, jobs: Jobs
) -> None:
    with transaction():
        reconcile.want(shop.id, "product", 1)
    assert "All right: Workers" in says(merchant)
    clock.forward(minutes=3)
    assert "Look at this: Workers The oldest work has waited for 3 minutes." in says(merchant)
    clock.forward(minutes=30)
    assert "Does not work: Workers" in says(merchant)
    assert merchant.sends("/health/repairs/bells").status_code == 409, "there is no bell in this test"


def test_access_that_will_end_is_told_before_it_does(merchant: Merchant, shop: Shop, clock: Clock) -> None:
    def left(**span: float) -> str:
        with transaction():
            shop.refresh_expires_at = app_clock.now() + timedelta(**span)
            db.session.add(shop)
        return says(merchant)

    assert "All right: Access to your shop Without a renewal it would end in 30 days." in left(days=30)
    assert "Look at this: Access to your shop" in left(days=10)


def test_a_permission_that_ratings_lack_is_asked_for_at_its_light(merchant: Merchant, shop: Shop) -> None:
    with transaction():
        shop.settings = shop.settings | {"ratings": app_clock.now().isoformat()}
        db.session.add(shop)
    page = merchant.opens("/health/lights").text
    assert "Look at this: Permission for ratings" in text(page)
    assert 'data-grant="write_products"' in page


def test_messages_that_the_mail_server_does_not_take_are_sent_on_at_a_click(merchant: Merchant, shop: Shop) -> None:
    later = app_clock.now() + timedelta(hours=3)
    waits = {"result": None, "done_at": None, "sending_at": None, "tries": 2, "due_at": later, "error": "451"}
    [message] = sent(shop, 1, **waits)
    assert "Does not work: Mail server It did not take 1 message" in says(merchant)
    assert merchant.sends("/health/repairs/mails").status_code == 200
    rest()
    again = db.session.get(Message, message.id)
    assert again is not None and again.due_at <= app_clock.now()


@pytest.mark.parametrize(
    ("back", "of", "state"), [(4, 50, "All right:"), (5, 200, "Look at this:"), (5, 60, "Does not work:")]
)
def test_too_many_messages_that_came_back_are_a_fault(
    merchant: Merchant, shop: Shop, back: int, of: int, state: str
) -> None:
    sent(shop, of)
    now = app_clock.now()
    marks = [refusals.mark(shop, f"nobody{number}@example.com") for number in range(back)]
    keep(*(Refusal(shop_id=shop.id, mark=one, topic="all", reason="bounced", refused_at=now) for one in marks))
    assert f"{state} Messages that came back {back} of {of} in 30 days." in says(merchant)


def test_a_version_that_shopify_ends_is_told_in_time(merchant: Merchant, shop: Shop, clock: Clock) -> None:
    clock.forward(days=(datetime(2027, 8, 1, tzinfo=app_clock.now().tzinfo) - app_clock.now()).days)
    ticking_again()
    with transaction():
        shop.refresh_expires_at = app_clock.now() + timedelta(days=80)
        db.session.add(shop)
    assert "Look at this: Version of Shopify’s interface 2026-10" in says(merchant)


# Asked of Shopify


@pytest.fixture
def opened(installed: Shop, client: Any) -> Merchant:
    return Merchant(client, LUMEN)


def test_shopify_is_asked_only_when_somebody_presses_the_button(
    shopify: server.Running, opened: Merchant, jobs: Jobs
) -> None:
    jobs.run()
    ticking_again()
    assert "What notifications were ordered Nobody has asked Shopify yet." in says(opened)
    install = shopify.state.install(LUMEN)
    assert install is not None
    install.subscriptions = 2
    assert opened.sends("/health/repairs/shopify").json == {"toast": "Shopify has answered.", "is_error": False}
    said = says(opened)
    assert "2 notifications were ordered once more for your shop alone and come twice." in said
    assert "points were left." in said


def test_shopify_that_does_not_answer_is_no_fault_of_the_page(opened: Merchant, configure: Callable[..., None]) -> None:
    configure(shop_url="http://127.0.0.1:9/{shop}")
    assert opened.sends("/health/repairs/shopify").status_code == 409
    assert opened.opens("/health/lights").status_code == 200


def test_the_access_is_renewed_at_a_click(opened: Merchant) -> None:
    before = named(LUMEN).access_token
    assert opened.sends("/health/repairs/token").json == {"toast": "The access is renewed.", "is_error": False}
    rest()
    assert named(LUMEN).access_token != before
