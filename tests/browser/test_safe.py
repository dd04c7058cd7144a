"""A merchant makes sure before anything is switched on, and sees it all: test drive, who else sends, figures."""

from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from shopify_app import clock
from shopify_app.db import transaction
from shopify_app.feedback import requests, rules
from shopify_app.mail import outbox, refusals
from shopify_app.tracking import KINDS
from tests.browser.test_merchant import Admin, the_shop
from tests.browser.test_merchant import admin as admin
from tests.browser.test_merchant import at_work as at_work
from tests.browser.test_one_order import is_accessible, shot
from tests.conftest import Jobs
from tests.mail.offers import OFFER

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
PURPOSES = {"tracking/shipped": 9, "confirmations/order": 14, OFFER: 4}
BLANKS: dict[str, str | int] = {"count": 1, "country": "CA"}
REASONS = ("had_one", "no_consent", "quiet", "unsubscribed", "refused_asked", "country_blocked", "return_open")


def kept(at_work: Admin, name: str) -> None:
    """For people to look at, wide and narrow; nothing on it keeps anybody from reading it."""
    is_accessible(at_work.page.frames[1])  # type: ignore[arg-type]
    shot(at_work.page, f"merchant-{name}")
    at_work.page.set_viewport_size(NARROW)
    at_work.page.wait_for_timeout(200)
    shot(at_work.page, f"merchant-{name}-narrow")
    at_work.page.set_viewport_size(WIDE)


def test_the_test_drive_is_watched_until_all_of_it_is_in_the_merchants_mailbox(at_work: Admin, jobs: Jobs) -> None:
    app, shop = at_work.app, the_shop()
    with transaction():
        shop.email = "owner@lumen-goods.example"
    at_work.opens("/messages/drive", "Test drive")
    kept(at_work, "drive-before")
    app.get_by_role("button", name="Start the test drive").click()
    expect(app.get_by_text("The test drive is on its way")).to_be_visible()
    expect(app.get_by_role("button", name="Start the test drive")).to_have_count(0)
    kept(at_work, "drive-running")
    outbox.send(4)
    expect(app.get_by_text("4 of ")).to_be_visible()
    expect(app.get_by_text("Handed to the mail server").first).to_be_visible()
    jobs.run()
    expect(app.get_by_role("button", name="Start the test drive")).to_be_visible()
    kept(at_work, "drive")
    mails = [one for one in at_work.store.mailbox.messages() if one.rcpt_tos == ["owner@lumen-goods.example"]]
    assert len(mails) > 15


def test_an_address_is_looked_up_and_a_bounce_taken_back_after_a_question(at_work: Admin) -> None:
    app, shop, email = at_work.app, the_shop(), at_work.order.email or ""
    with transaction():
        refusals.refuse(shop, refusals.mark(shop, email), ["marketing"], refusals.ASKED)
        refusals.refuse(shop, refusals.mark(shop, email), ["parcels"], refusals.BOUNCED)
    at_work.opens("/messages/refusals", "Who is not written to")
    app.get_by_role("searchbox").fill(email)
    app.get_by_role("searchbox").press("Enter")
    expect(app.get_by_role("cell", name="the address takes no mail")).to_be_visible()
    kept(at_work, "refusals")
    app.get_by_role("button", name="This address takes mail again").click()
    expect(app.get_by_text("there is no such mailbox")).to_be_visible()
    shot(at_work.page, "merchant-refusals-question")
    app.get_by_role("button", name="Write to it again").click()
    expect(app.get_by_role("cell", name="the address takes no mail")).to_have_count(0)
    assert refusals.why(the_shop(), email, "parcels") is None


def test_figures_are_drawn_and_lead_to_their_rows(at_work: Admin, clock: Any) -> None:
    shop = the_shop()
    with transaction():
        for number in range(60):
            template = list(PURPOSES)[number % 3]
            outbox.write(shop, template, f"drawn/{number}", to="x@example.com", skip="drawn")
            reason = REASONS[number % 11 % len(REASONS)]
            outbox.write(shop, OFFER, f"not/{number}", to="x@example.com", skip=reason, facts=BLANKS)
    with transaction():
        for place, message in enumerate(outbox.recent(shop, 500)):
            message.created_at -= timedelta(days=place * 7 % 29)
            if message.reason == "drawn":
                message.result, message.reason = "sent", None
                message.sending_at = message.done_at = message.created_at
    at_work.opens("/messages/figures", "Figures")
    kept(at_work, "figures")
    at_work.app.get_by_role("link", name="Offers and questions").first.click()
    expect(at_work.app.get_by_role("heading", name="Latest messages")).to_be_visible()


def test_who_else_sends_the_same_is_looked_for(at_work: Admin) -> None:
    at_work.opens("/messages/rivals", "Who else sends the same")
    at_work.app.get_by_role("button", name="Look now").click()
    expect(at_work.app.get_by_text("Looked at:")).to_be_visible()
    kept(at_work, "rivals")
    at_work.opens("/settings/budget", "How often and when")
    kept(at_work, "budget-pace")


def test_what_a_buyer_will_get_stands_on_their_page(at_work: Admin, jobs: Jobs) -> None:
    order = at_work.order
    assert order.email
    shop = the_shop()
    with transaction():
        shop.installed_at = clock.now() - timedelta(days=60)
        shop.settings = shop.settings | {"parcel_messages": dict.fromkeys(KINDS, clock.now().isoformat())}
        rules.switch(shop, is_on=True)
        requests.begin(shop)
        outbox.write(shop, "confirmations/order", "confirmation/x", order.id, to=order.email, skip="too_late")
    jobs.run()
    at_work.opens("/messages", "Messages")
    kept(at_work, "messages-ways")
    at_work.app.get_by_role("searchbox").fill(order.email)
    at_work.app.get_by_role("searchbox").press("Enter")
    at_work.app.locator("#found").get_by_role("link", name=order.shipping_address.last_name).first.click()  # type: ignore[union-attr]
    expect(at_work.app.get_by_role("heading", name="In the next 60 days")).to_be_visible()
    kept(at_work, "person-coming")
