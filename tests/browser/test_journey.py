"""A merchant's first minutes, by clicks as a person makes them: from the install to the first mail of a buyer."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from devstore import server
from shopify_app.language import speak
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_merchant import bring_in
from tests.browser.test_one_order import BUYER, buy, is_accessible, is_calm, shot
from tests.conftest import LUMEN, Jobs

RECORD = Path("test-results/journey.txt")
LIMIT = 12
"""Clicks that the way may cost. A longer one is a worse one."""


class Journey:
    """One merchant at one screen, who reads one language. What is on a page is looked at, wide and narrow."""

    def __init__(self, page: Page, store: server.Running, locale: str) -> None:
        self.page, self.store, self.locale = page, store, locale
        store.state.shops[LUMEN].staff.locale = locale
        self.says = speak(locale).t
        self.clicks = 0
        self.seconds = 0.0
        self.errors: list[str] = []
        page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)

    @property
    def app(self) -> FrameLocator:
        return self.page.frame_locator("#app")

    def clicks_on(self, place: Locator, shows: Locator) -> None:
        """And waits for what it leads to."""
        began = time.monotonic()
        place.click()
        self.clicks += 1
        expect(shows).to_be_visible()
        self.seconds += time.monotonic() - began

    def sees(self, heading: str) -> Locator:
        return self.app.get_by_role("heading", name=heading, exact=True)

    def looks(self, name: str) -> None:
        """At a page of the app: it can be read by everybody, on each screen."""
        frame = self.page.frames[1]
        is_accessible(frame)  # type: ignore[arg-type]
        for shape, width in ((WIDE, "wide"), (NARROW, "narrow")):
            self.page.set_viewport_size(shape["viewport"])
            is_calm(frame)  # type: ignore[arg-type]
            shot(self.page, f"journey-{name}-{self.locale}-{width}")
        self.page.set_viewport_size(WIDE["viewport"])


@pytest.fixture(params=["en", *(pytest.param(one, marks=pytest.mark.whole) for one in ("fr", "de", "es"))])
def journey(page: Page, shopify: server.Running, request: pytest.FixtureRequest) -> Iterator[Journey]:
    yield Journey(page, shopify, request.param)


def installs(way: Journey) -> None:
    way.page.goto(f"{way.store.url}/store/lumen-goods")
    way.clicks_on(way.page.get_by_role("link", name="Install"), way.page.get_by_role("button", name="Install"))
    way.clicks_on(way.page.get_by_role("button", name="Install"), way.app.locator("s-page"))
    way.looks("start")


def opens_the_guide(way: Journey) -> None:
    step = way.app.get_by_role("link", name=way.says("Order confirmations of your own"), exact=True)
    way.clicks_on(way.app.get_by_role("link", name=way.says("All steps")), step)
    way.looks("guide")
    way.clicks_on(step, way.sees(way.says("Order confirmations of your own")))
    way.looks("step")


def looks_at_the_dry_run(way: Journey) -> None:
    go_on = way.app.get_by_role("link", name=way.says("Go on to the switches"))
    way.clicks_on(way.app.get_by_role("link", name=way.says("Dry run"), exact=True), go_on)
    way.looks("rehearsal")


def switches_confirmations_on(way: Journey) -> None:
    switch = way.app.get_by_role("switch", name=way.says("Send our own order confirmation"))
    way.clicks_on(way.app.get_by_role("link", name=way.says("Go on to the switches")), switch)
    save = way.page.get_by_role("button", name="Save")
    way.clicks_on(switch, save)
    way.clicks_on(save, way.page.get_by_role("status").get_by_text(way.says("Saved")))
    way.looks("switches")


def finds_the_order_with_its_mail(way: Journey, name: str) -> None:
    way.page.goto(f"{way.store.url}/store/lumen-goods/apps/{way.store.client_id}/messages")
    way.clicks_on(way.app.get_by_role("link", name=name), way.sees(name))
    expect(way.app.get_by_text(way.says("Order confirmation")).first).to_be_visible()
    way.looks("order")


def test_from_the_install_to_the_first_mail_a_merchant_only_clicks(
    journey: Journey, phone: Page, shopify: server.Running, jobs: Jobs
) -> None:
    installs(journey)
    bring_in(shopify, jobs)
    for step in (opens_the_guide, looks_at_the_dry_run, switches_confirmations_on):
        step(journey)
    buy(phone, shopify)
    shopify.log.settle()
    jobs.run()
    [mail] = shopify.mailbox.messages(to=BUYER)
    assert mail.html
    clicks = journey.clicks
    order = shopify.state.orders.of(LUMEN)[-1]
    finds_the_order_with_its_mail(journey, order.name)
    assert journey.errors == []
    assert clicks <= LIMIT
    told = f"{journey.locale}: {clicks} clicks until the first automation is on, {journey.seconds:.1f} s of waiting"
    print(told)
    RECORD.parent.mkdir(exist_ok=True)
    with RECORD.open("a") as record:
        record.write(f"{told}\n")
