"""The label that a buyer waits for and lets run out, and the slip that goes into the parcel: as people and axe see it.

The pictures stay in test-results/returns/.
"""

import re

from playwright.sync_api import expect

from devstore.places import TOWNS
from shopify_app.clock import now
from shopify_app.returns.policy import policies
from shopify_app.returns.policy.terms import Buying, Terms
from shopify_app.shopify import models as shops
from tests.browser.test_changes import address
from tests.browser.test_changes import admin as admin
from tests.browser.test_returns import PICTURES, Story, asks, label
from tests.browser.test_returns import story as story
from tests.conftest import LUMEN, Clock
from tests.returns.carrier import Carriers
from tests.returns.carrier import carriers as carriers


def waits(story: Story) -> None:
    """For the label of a lamp that staff has agreed to take back."""
    story.phone.goto(address(story.shopify, story.order, "return"))
    asks(story, 0, "too-small")
    story.opens_the_return()
    story.button("Approve").click()
    story.told("Approved. The buyer hears of it in a moment.")
    story.phone.reload()


def test_a_label_is_waited_for_used_run_out_and_asked_for_anew(story: Story, clock: Clock) -> None:
    waits(story)
    story.sees(story.phone, "label-coming")
    story.opens_the_return()
    expect(story.admin.app.get_by_text(story.says("Label missing"), exact=True)).to_be_visible()
    story.works("desk-label-missing")
    story.admin.app.locator("input[type=file]").set_input_files(label())
    until = now().date().replace(day=28).isoformat()
    story.admin.app.locator("s-date-field[name=until] input").fill(until)
    story.button("Give this label").click()
    story.told("The buyer gets the label in a moment.")
    story.opens_the_return()
    story.works("desk-label-given")
    story.phone.reload()
    story.sees(story.phone, "label-given")
    story.phone.locator("a[href*='/slip']").first.click()
    expect(story.phone.locator(".aftercare-slip figcaption")).to_have_text(re.compile("^[2-9A-Z]{4}-[2-9A-Z]{4}$"))
    story.sees(story.phone, "slip")
    story.phone.emulate_media(media="print")
    story.phone.set_viewport_size({"width": 794, "height": 1123})
    story.phone.screenshot(path=PICTURES / f"{story.language}-slip-paper.png", full_page=True)
    expect(story.phone.locator(".aftercare-unprinted").first).to_be_hidden()
    story.phone.emulate_media(media="screen")
    clock.forward(days=40)
    story.time_passes()
    story.phone.goto(address(story.shopify, story.order, "return").replace("/return?", "?"))
    story.phone.locator("#aftercare-returns a[href*='/return/requests/']").last.click()
    ask = story.phone.locator("form[action*='/label'] button")
    expect(ask).to_be_visible()
    story.sees(story.phone, "label-run-out")
    ask.click()
    expect(ask).to_have_count(0)
    story.sees(story.phone, "label-asked-for")
    story.admin.opens("/returns?show=labels", story.says("Returns"))
    story.works("desk-labels")
    story.opens_the_return()
    story.works("desk-label-wanted")


def test_a_label_that_no_carrier_sells_is_told_to_staff_alone(story: Story, carriers: Carriers) -> None:
    story.shopify.state.shops[LUMEN].address = TOWNS["Strasbourg"].address("", "", "12 quai des Belges")
    policies.write(shops.named(LUMEN), Terms(buying=Buying(is_on=True, days=28)), "7")
    carriers.sells = []
    waits(story)
    story.sees(story.phone, "label-unsold")
    story.opens_the_return()
    expect(story.admin.app.get_by_text("No service goes there.")).to_be_visible()
    story.works("desk-label-unsold")
    story.admin.opens("/returns/policy", story.says("Terms of returns"))
    story.admin.app.locator("s-switch[name=buys_labels]").scroll_into_view_if_needed()
    story.works("desk-label-terms")
