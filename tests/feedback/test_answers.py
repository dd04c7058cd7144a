"""A buyer answers by the link; a robot that opens every link changes nothing; what is wrong is with staff at once."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from devstore.smtp import Mailbox
from shopify_app import clock as app_clock
from shopify_app.db import db, rest, transaction
from shopify_app.feedback import cases, links
from shopify_app.feedback.models import Answer, Case, Entry, Review
from shopify_app.language import zone
from shopify_app.mail.models import Message
from shopify_app.mail.outbox import Reader
from shopify_app.orders import record
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront
from tests.conftest import SECOND, Clock, Jobs
from tests.feedback.conftest import LAMP, Buyer, Buys, messages

At = Callable[[datetime], None]
TABLES = (Answer, Case, Entry, Review, Message)


def counts() -> list[int]:
    rest()
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def said() -> Answer:
    rest()
    return db.session.scalars(select(Answer)).one()


def test_one_tap_and_one_button_say_that_all_is_well(mira: Buyer, storefront: Storefront, shop: Shop) -> None:
    page = Buyer(storefront, shop, 1001, "good").visits()
    assert page.status_code == 200
    assert "Reading lamp" in page.text and "Sommer" not in page.text and "Lindenweg" not in page.text
    answer = mira.sends("", {"verdict": "good"})
    assert f"/feedback/{mira.token}/answers" in answer.text
    assert said().verdict == "good"
    assert messages() == []


def test_the_way_from_good_to_wrong_makes_no_new_link(mira: Buyer, storefront: Storefront, shop: Shop) -> None:
    """It would live for another half year."""
    good = Buyer(storefront, shop, 1001, "good")
    pages = good.visits().text + good.visits("/wrong").text
    assert set(re.findall(r"/feedback/([\w.-]+)", pages)) == {good.token}
    assert 'name="cause"' in good.visits("/wrong").text


def test_what_is_wrong_opens_a_case_and_staff_hears_within_a_minute(
    shop: Shop, mira: Buyer, jobs: Jobs, mailbox: Mailbox
) -> None:
    began = app_clock.now()
    mira.sends("", {"verdict": "wrong", "cause": "damaged", "wrong": "The shade is <broken>.\nQuite."})
    jobs.run()
    [mail] = mailbox.messages(to="owner@example.com")
    assert app_clock.now() - began < timedelta(minutes=1)
    assert mail.subject == "Something is wrong with order #1001"
    assert "Something is damaged or does not work" in (mail.text or "")
    assert "The shade is <broken>.\nQuite." in (mail.text or "").replace("\r", "")
    assert "The shade is &lt;broken&gt;." in (mail.html or "")
    case = db.session.scalars(select(Case)).one()
    assert (case.state, case.cause, case.order_id) == ("open", "damaged", 1001)
    assert f"/feedback/cases/{case.id}" in (mail.text or "")


@pytest.mark.parametrize(("items", "delivery", "opened"), [("2", "5", 1), ("5", "1", 1), ("3", "3", 0), ("5", "", 0)])
def test_a_low_score_opens_a_case_too(mira: Buyer, items: str, delivery: str, opened: int) -> None:
    mira.sends("/answers", {"items": items, "delivery": delivery, "items_text": "Hm."})
    assert (said().items, said().content) == (int(items), {"items": "Hm."})
    assert messages() == ["staff"] * opened


def test_one_order_is_one_case_and_one_message_to_staff(mira: Buyer) -> None:
    mira.sends("", {"verdict": "wrong"})
    mira.sends("", {"verdict": "wrong", "cause": "late"})
    mira.sends("/answers", {"items": "1"})
    assert messages() == ["staff"]
    rest()
    assert [entry.word for entry in db.session.scalars(select(Entry).order_by(Entry.id))] == ["opened", "told", "told"]


def test_a_solved_case_opens_again_when_something_is_wrong_again(shop: Shop, mira: Buyer) -> None:
    mira.sends("", {"verdict": "wrong"})
    cases.move(shop, db.session.scalars(select(Case.id)).one(), "7", "solved", "")
    mira.sends("", {"verdict": "wrong"})
    assert messages() == ["staff", "staff"]


@pytest.mark.parametrize("verdict", ["good", "wrong"])
def test_everybody_is_invited_to_review_whatever_they_answered(mira: Buyer, verdict: str) -> None:
    mira.sends("", {"verdict": verdict})
    assert f"/feedback/{mira.token}/reviews" in mira.visits("/answers").text
    page = mira.visits("/reviews")
    assert "Reading lamp" in page.text and f"/reviews/{LAMP}" in page.text


def test_a_robot_that_opens_every_link_changes_nothing(mira: Buyer, storefront: Storefront, shop: Shop, at: At) -> None:
    """A mail scanner follows what is in the mail, and what is on those pages, by GET and HEAD."""
    before, seen = counts(), set[str]()
    tokens = [links.token(shop, 1001, tapped) for tapped in ("", "good", "wrong")]
    queue = [f"/feedback/{token}{path}" for token in tokens for path in ("", "/reviews")]
    while queue:
        path = queue.pop()
        if path in seen:
            continue
        seen.add(path)
        for method in ("HEAD", "GET"):
            page = storefront._send(method, path)
            assert page.status_code in (200, 404, 405), path
        found = re.findall(r'(?:href|src|action|formaction)="/apps/aftercare(/[^"#?]*)', page.text)
        queue += [one for one in found if "feedback" in one or "reviews" in one]
    assert len(seen) > 6
    assert counts() == before


def test_a_forged_link_opens_nothing(mira: Buyer, storefront: Storefront, shop: Shop, other_shop: Shop) -> None:
    foreign = links.token(other_shop, 1001)
    payload, _, signature = mira.token.partition(".")
    unsigned = f"{mira.token[:-9]}{'A' if mira.token[-9] != 'A' else 'B'}{mira.token[-8:]}"
    another = links.token(shop, 1002).partition(".")[0] + "." + signature
    good, wrong = (links.token(shop, 1001, tapped) for tapped in ("good", "wrong"))
    altered = wrong.partition(".")[0] + "." + good.partition(".")[2]
    before = counts()
    for token in (foreign, unsigned, another, altered, links.token(shop, 9999), "x", payload):
        for path in ("", "/answers", "/reviews"):
            assert storefront.get(f"/feedback/{token}{path}").status_code == 404
        assert storefront.post(f"/feedback/{token}", {"verdict": "wrong"}).status_code == 404
        assert storefront.post(f"/feedback/{token}/reviews/{LAMP}", {"stars": "1"}).status_code == 404
    assert counts() == before


def test_another_shop_s_storefront_does_not_open_it(mira: Buyer, client: object, other_shop: Shop) -> None:
    elsewhere = Storefront(client, SECOND)  # type: ignore[arg-type]
    assert elsewhere.get(f"/feedback/{mira.token}").status_code == 404


@pytest.mark.parametrize("form", [{"verdict": "great"}, {}, {"verdict": "wrong", "cause": "weather"}])
def test_an_answer_that_is_none_is_refused(mira: Buyer, form: dict[str, str]) -> None:
    before = counts()
    assert mira.sends("", form).status_code == 422
    assert mira.sends("/answers", {"items": "6"}).status_code == 422
    assert mira.sends("/answers", {"items": "0"}).status_code == 422
    assert mira.sends(f"/reviews/{LAMP}", {"stars": "11"}).status_code == 422
    assert counts() == before


def test_a_link_lives_half_a_year(mira: Buyer, clock: Clock) -> None:
    clock.forward(days=links.DAYS - 1)
    assert mira.visits().status_code == 200
    clock.forward(days=2)
    assert mira.visits().status_code == 410
    assert mira.sends("", {"verdict": "wrong"}).status_code == 410
    assert counts()[0] == 0


def test_an_open_case_stops_advertising_to_its_buyer(shop: Shop, mira: Buyer) -> None:
    offer = Message(shop_id=shop.id, template="carts/reminder", customer_id=7001)
    reader = Reader(7001, "DE", [zone(shop.timezone)])
    assert cases.trouble(shop, offer, reader) is None
    mira.sends("", {"verdict": "wrong"})
    assert cases.trouble(shop, offer, reader) == "case_open"
    tom = Reader(7002, "DE", reader.zones)
    assert cases.trouble(shop, Message(template="carts/reminder", customer_id=7002), tom) is None
    with transaction():
        db.session.scalars(select(Case)).one().state = "solved"
    assert cases.trouble(shop, offer, reader) is None


def test_strange_signs_and_long_texts_are_cut_down(mira: Buyer) -> None:
    mira.sends("", {"verdict": "wrong", "wrong": "a\x00b\u202dc" + "x" * 5000})
    text = said().content["wrong"]
    assert text.startswith("ab") and len(text) == 2000


def test_a_gone_order_takes_no_answer(mira: Buyer, buys: Buys, shop: Shop) -> None:
    with transaction():
        record.delete_order(shop.id, 1001)
    assert mira.sends("", {"verdict": "good"}).status_code == 404
