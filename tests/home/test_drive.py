"""The test drive: everything that the shop would write to a buyer, once, to the merchant's own mailbox alone."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from devstore.faults import SmtpFaults
from devstore.smtp import Mailbox
from shopify_app import clock as app_clock
from shopify_app.db import db, rest, transaction
from shopify_app.mail import outbox, wording
from shopify_app.mail.models import Message, Refusal, Slot
from shopify_app.shopify.models import Shop
from shopify_app.tracking.watches import KINDS
from tests.buyers import Storefront, Tell
from tests.buyers import storefront as storefront
from tests.carts.test_killed import killed
from tests.conftest import Clock, Jobs
from tests.factories import new_order
from tests.home.conftest import Merchant
from tests.mail import offers
from tests.mail.matrix import dress

OWNER = "owner@example.com"
STAFF = {"staff", "late"}
Post = tuple[Mailbox, SmtpFaults]


@pytest.fixture
def driver(merchant: Merchant, shop: Shop) -> Merchant:
    with transaction():
        shop.email = OWNER
        shop.settings = {}
    return merchant


def drive(driver: Merchant) -> dict[str, object]:
    answer = driver.sends("/messages/drive").json
    assert answer is not None
    return answer


def rows() -> list[Message]:
    rest()
    return list(db.session.scalars(select(Message).where(Message.template == "home/drive").order_by(Message.id)))


def test_one_button_sends_every_stage_to_the_merchant_alone_while_everything_is_off(
    driver: Merchant, jobs: Jobs, post_office: Post
) -> None:
    assert drive(driver) == {
        "toast": f"The test drive has begun. Its messages go to {OWNER}.",
        "is_error": False,
    }
    jobs.run()
    mails = post_office[0].messages()
    assert {address for mail in mails for address in mail.rcpt_tos} == {OWNER}
    assert all(mail.subject.startswith("Test: ") for mail in mails)
    stages = [one.key.split("/", 2)[2] for one in rows()]
    assert len(mails) == len(stages)
    assert stages[0] == "confirmations/plain"
    parcels = [one for one in stages if one.startswith("tracking/")]
    assert set(parcels) == {"tracking/link", "tracking/code", *(f"tracking/{kind}" for kind in KINDS)}
    assert stages[1 : 1 + len(parcels)] == parcels
    assert {"carts/first", "feedback/request", "feedback/reminder", "returns/approved", "returns/refunded"} <= set(
        stages
    )
    page = driver.opens("/messages/drive").text
    assert page.count("Handed to the mail server") == len(stages)
    assert driver.opens("/messages/drive/progress").json["is_running"] is False  # type: ignore[index]


def test_every_message_to_a_buyer_has_a_sample(app: Flask) -> None:
    """A new one cannot be forgotten."""
    ours = {name for name in outbox.templates() if not name.startswith(("tests/", "home/"))}
    to_buyers = {name for name in ours if name.rpartition("/")[2] not in STAFF}
    assert {template.row for template in wording.known().values()} == to_buyers


@pytest.mark.parametrize("locale", ["en", "de"])
def test_links_lead_to_a_page_that_says_that_it_is_a_sample_and_changes_nothing(
    driver: Merchant, shop: Shop, jobs: Jobs, post_office: Post, storefront: Storefront, locale: str
) -> None:
    dress(shop)
    with transaction():
        shop.locale = locale
    drive(driver)
    jobs.run()
    links = set()
    for mail in post_office[0].messages():
        assert mail.headers.get("List-Unsubscribe") is None
        links |= set(re.findall(r'href="(https?://[^"]+)"', mail.html or ""))
        links |= {one.rstrip(".,)") for one in re.findall(r"https?://[^\s<>\"]+", mail.text or "")}
    there = f"{shop.storefront}{shop.proxy_path}/sample"
    strange = {one for one in links if not one.startswith("https://example.com/")}
    assert strange == {there}
    before = counts()
    answer = storefront.get("/sample", query={"locale": locale})
    assert answer.status_code == 200
    assert {"en": "This is a sample", "de": "Das ist ein Muster"}[locale] in answer.text
    assert counts() == before


def test_marketing_shows_its_way_out(driver: Merchant, jobs: Jobs, post_office: Post) -> None:
    drive(driver)
    jobs.run()
    cart = next(mail for mail in post_office[0].messages() if "left something" in mail.subject)
    assert "No more of these messages" in (cart.html or "")
    assert db.session.scalar(select(func.count()).select_from(Refusal)) == 0


def test_nothing_of_it_is_an_order_a_buyer_or_a_result(
    driver: Merchant, shop: Shop, jobs: Jobs, post_office: Post
) -> None:
    driver.opens()
    before = counts()
    drive(driver)
    jobs.run()
    after = counts()
    assert {name for name in after if after[name] != before[name]} == {"messages"}
    assert all(one.email_index is None and one.order_id is None and one.customer_id is None for one in rows())
    assert all(one.purpose == "test" for one in rows())
    assert "#1001" not in driver.opens("/").text
    listed = driver.opens("/messages").text
    assert listed.count("Test drive, to you") == len(rows())
    assert OWNER not in listed


def test_a_real_buyer_s_due_messages_are_neither_sent_to_the_merchant_nor_counted_with_the_drive(
    driver: Merchant, shop: Shop, tell: Tell, jobs: Jobs, post_office: Post
) -> None:
    with transaction():
        shop.settings = {"confirmations": True}
    drive(driver)
    tell("orders/create", new_order(app_clock.now(), 7, customer_locale="en"))
    jobs.run()
    by_reader = {address: [] for mail in post_office[0].messages() for address in mail.rcpt_tos}  # type: ignore[var-annotated]
    for mail in post_office[0].messages():
        by_reader[mail.rcpt_tos[0]].append(mail.subject)
    assert set(by_reader) == {OWNER, "mira.sommer@example.com"}
    assert by_reader["mira.sommer@example.com"] == ["Order #7 is confirmed"]
    assert all(subject.startswith("Test: ") for subject in by_reader[OWNER])


def test_a_merchant_who_is_a_buyer_too_has_all_their_messages_left(
    driver: Merchant, shop: Shop, jobs: Jobs, post_office: Post
) -> None:
    """The budget of the owner's own address is not touched by a drive."""
    drive(driver)
    jobs.run()
    assert db.session.scalar(select(func.count()).select_from(Slot)) == 0
    offers.write(shop, to=OWNER)
    jobs.run()
    assert offers.said(shop, to=OWNER).reason not in ("had_one", "had_enough", "news_first")


def test_pressed_twice_is_one_drive_and_later_another(
    driver: Merchant, jobs: Jobs, clock: Clock, post_office: Post
) -> None:
    drive(driver)
    count = len(rows())
    assert driver.sends("/messages/drive").status_code == 409
    assert driver.opens("/messages/drive/progress").json["is_running"] is True  # type: ignore[index]
    jobs.run()
    assert len(post_office[0].messages()) == len(rows()) == count
    clock.forward(minutes=1)
    drive(driver)
    jobs.run()
    assert len(post_office[0].messages()) == 2 * count


def test_a_stage_that_the_mail_server_refuses_is_shown_and_the_others_go_on(
    driver: Merchant, jobs: Jobs, post_office: Post
) -> None:
    post_office[1].permanent = 1
    drive(driver)
    jobs.run()
    assert [one.result for one in rows()].count("failed") == 1
    assert [one.result for one in rows()].count("sent") == len(rows()) - 1
    assert "The mail server will not take it (SMTP 550)." in driver.opens("/messages/drive").text


def test_without_an_address_of_the_shop_there_is_none(merchant: Merchant, shop: Shop) -> None:
    assert merchant.sends("/messages/drive").status_code == 409
    assert "Your shop has no e-mail address." in merchant.opens("/messages/drive").text
    assert rows() == []


def test_a_look_at_the_page_starts_nothing(driver: Merchant) -> None:
    driver.opens("/messages/drive")
    driver.opens("/messages/drive/progress")
    assert rows() == []


def test_another_shop_s_drive_is_its_own(driver: Merchant, neighbour: Merchant, jobs: Jobs, post_office: Post) -> None:
    drive(driver)
    jobs.run()
    assert "Handed to the mail server" not in neighbour.opens("/messages/drive").text


@pytest.mark.faults
@pytest.mark.parametrize("point", ["messages_claimed", "message_intended", "message_accepted", "message_recorded"])
def test_a_worker_that_dies_half_way_sends_no_stage_twice(
    app: Flask, driver: Merchant, jobs: Jobs, clock: Clock, post_office: Post, point: str
) -> None:
    drive(driver)
    assert killed(app, point)
    for _ in range(3):
        clock.forward(seconds=timedelta(minutes=2).total_seconds())
        jobs.run()
    subjects = [mail.subject for mail in post_office[0].messages()]
    assert len(subjects) == len(set(subjects))
    assert len(rows()) - 1 <= len(subjects) <= len(rows())
    assert all(one.done_at for one in rows())


def counts() -> dict[str, int]:
    """Rows of every table."""
    rest()
    tables = db.metadata.sorted_tables
    return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_the_guide_believes_that_mails_arrived_once_they_went_out(
    driver: Merchant, jobs: Jobs, post_office: tuple[Mailbox, SmtpFaults]
) -> None:
    assert driver.sends("/setup/sender/done").status_code == 409
    driver.sends("/messages/drive")
    jobs.run()
    assert driver.sends("/setup/sender/done").status_code == 200
