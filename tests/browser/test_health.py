"""A merchant looks how everything is: what does not work stands first, and one click mends what can be mended."""

from playwright.sync_api import expect

from shopify_app import clock, work
from shopify_app.db import db, transaction
from shopify_app.orders.models import Sync
from shopify_app.work import Chore
from tests.browser.test_merchant import Admin, the_shop
from tests.browser.test_merchant import admin as admin
from tests.browser.test_merchant import at_work as at_work
from tests.browser.test_safe import kept
from tests.conftest import LUMEN, Jobs


def test_what_was_given_up_is_seen_first_and_repaired_by_one_click(at_work: Admin, jobs: Jobs) -> None:
    app, shop = at_work.app, the_shop()
    given_up = Sync(shop_id=shop.id, kind="product", subject=1, tries=8, error="Unavailable", result=work.DEAD)
    given_up.count, given_up.misses, given_up.done_at = 0, 0, clock.now()
    with transaction():
        db.session.add_all([given_up, Chore(name="sweep", due_at=clock.now())])
    at_work.opens("/health", "Health")
    expect(app.get_by_text("1 was tried for a day in vain: Reading from Shopify.")).to_be_visible()
    expect(app.get_by_text("What Shopify told last")).to_be_visible()
    kept(at_work, "health-ill")
    app.get_by_role("button", name="Try all again").first.click()
    expect(app.get_by_text("1 was tried for a day in vain")).to_have_count(0)
    jobs.run()
    at_work.opens("/health", "Health")
    expect(app.get_by_text("Everything works")).to_be_visible()
    app.get_by_role("button", name="Ask Shopify").first.click()
    expect(app.get_by_text("points were left.")).to_be_visible()
    kept(at_work, "health")
    at_work.store.state.shops[LUMEN].staff.locale = "de"
    at_work.opens("/health", "Zustand")
    expect(app.get_by_text("Alles läuft")).to_be_visible()
    kept(at_work, "health-de")
