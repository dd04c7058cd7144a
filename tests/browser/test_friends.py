"""A merchant gives the permission where it is needed, switches codes for friends on, and sees what came of them."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from shopify_app import clock
from shopify_app.codes.models import FRIEND, Code
from shopify_app.db import db, transaction
from shopify_app.mail import outbox
from shopify_app.referrals.models import Referral
from tests.browser.test_merchant import Admin, the_shop
from tests.browser.test_merchant import admin as admin
from tests.browser.test_merchant import at_work as at_work
from tests.browser.test_one_order import is_accessible, shot


def both(page: Page, name: str) -> None:
    """As wide as a desk, and as narrow as a phone."""
    shot(page, name)
    page.set_viewport_size({"width": 360, "height": 740})
    shot(page, f"{name}-narrow")
    page.set_viewport_size({"width": 1280, "height": 900})


def bring_friends(order_id: int) -> None:
    """What weeks would do: codes that were given away, and orders of friends with every outcome."""
    shop, now = the_shop(), clock.now()
    outcomes = ((None, None), ("rewarded", None), ("rewarded", None), ("refused", "self"), ("refused", "not_first"))
    with transaction():
        for number in range(3):
            code = Code(shop_id=shop.id, key=f"friend/{number}", kind=FRIEND, code=f"FRIEND-AAAA{number}-BBBBB")
            code.code_index, code.percent, code.customer_id = b"x", 10, number
            code.created_at = code.made_at = now
            db.session.add(code)
        for number, (result, reason) in enumerate(outcomes):
            row = Referral(shop_id=shop.id, order_id=order_id + number, code_index=b"x", due_at=now + timedelta(days=9))
            row.placed_at, row.result, row.reason = now - timedelta(days=number), result, reason
            row.done_at = now if result else None
            db.session.add(row)
        db.session.flush()
        rewarded = [row.id for row in db.session.query(Referral).filter(Referral.result == "rewarded")]
        outbox.write(shop, "referrals/reward", f"reward/{rewarded[0]}", to="a@example.com", skip="unsubscribed")
        outbox.write(shop, "referrals/reward", f"reward/{rewarded[1]}", to="b@example.com")


def test_a_merchant_allows_codes_and_lets_friends_have_them(at_work: Admin) -> None:
    app, page = at_work.app, at_work.page
    at_work.opens("/friends", "Codes for friends")
    expect(app.get_by_role("button", name="Switch on")).to_have_count(0)
    both(page, "merchant-friends-not-allowed")
    app.get_by_role("button", name="Ask Shopify for it").click()
    page.get_by_role("button", name="Decline").click()
    expect(app.get_by_role("button", name="Ask Shopify for it")).to_be_visible()
    app.get_by_role("button", name="Ask Shopify for it").click()
    expect(page.locator("#scopes")).to_contain_text("write_discounts")
    page.get_by_role("button", name="Allow").click()
    app.get_by_role("button", name="Switch on").click()
    expect(app.get_by_role("button", name="Switch off")).to_be_visible()
    app.locator("[name=reward]").get_by_role("combobox").select_option("20")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").get_by_text("Saved")).to_be_visible()

    bring_friends(at_work.order.id)
    at_work.opens("/friends?state=refused", "Codes for friends")
    expect(app.get_by_text("The friend had ordered before.").last).to_be_visible()
    at_work.opens("/friends", "Codes for friends")
    expect(app.get_by_text("The buyer wants no news by e-mail.")).to_be_visible()
    is_accessible(page.frames[1])  # type: ignore[arg-type]
    both(page, "merchant-friends")
    at_work.opens("/friends?state=shared", "Codes for friends")
    expect(app.get_by_text("FRIEND-AAAA1-BBBBB")).to_be_visible()
    page.goto(f"{at_work.url}/friends?locale=fr")
    expect(app.get_by_role("heading", name="Codes pour les amis", exact=True)).to_be_visible()
    both(page, "merchant-friends-fr")


def test_a_merchant_sees_what_else_asks_for_a_permission(at_work: Admin) -> None:
    app, page = at_work.app, at_work.page
    at_work.opens("/settings/confirmations", "Kinds of confirmation")
    expect(app.get_by_role("button", name="Ask Shopify for it")).to_be_visible()
    is_accessible(page.frames[1])  # type: ignore[arg-type]
    both(page, "merchant-kinds")
    at_work.opens("/settings/budget", "How often and when")
    app.get_by_role("button", name="Ask Shopify for it").click()
    page.get_by_role("button", name="Allow").click()
    expect(app.get_by_text("Nobody is ever signed up by us.")).to_be_visible()
    both(page, "merchant-refusals")
    at_work.opens("/feedback/reviews", "Feedback")
    app.get_by_role("button", name="Ask Shopify for it").click()
    page.get_by_role("button", name="Allow").click()
    app.get_by_role("button", name="Write ratings to products").click()
    expect(app.get_by_role("button", name="Take them away")).to_be_visible()
    both(page, "merchant-ratings")
