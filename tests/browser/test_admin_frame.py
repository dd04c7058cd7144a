"""An app in the admin's frame, with the stand-ins for App Bridge and Polaris: a small app that is not the product."""

import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import jwt
import pytest
from flask import Flask, Response, redirect, request
from flask.typing import ResponseReturnValue
from playwright.sync_api import FrameLocator, Page, Route, expect
from werkzeug.serving import make_server

from devstore import server
from devstore.config import Config
from devstore.seed import MAIN
from tests.setup import node

SECRET = "hush-hush-hush-hush-hush-hush-hush"
SHELL = """<!doctype html><html lang="en"><head><title>Small</title><meta name="shopify-api-key" content="{key}">
<script src="{cdn}/app-bridge.js"></script><script src="{cdn}/polaris-1.js"></script></head><body>
<s-app-nav><s-link href="/" rel="home">Home</s-link><s-link href="/parcels">Parcels</s-link>
<s-link href="/settings">Settings</s-link></s-app-nav>{page}</body></html>"""
PAGES = {
    "/": """<s-page heading="Home"><s-section><s-button onclick="ask()">Ask</s-button>
<s-button onclick="shopify.toast.show('Done')">Toast</s-button><s-button href="shopify://admin/orders">Orders</s-button>
<s-text id="told"></s-text></s-section></s-page>
<script>const ask = async () => { told.textContent = await (await fetch("/ask")).text(); };</script>""",
    "/parcels": """<s-page heading="Parcels"><s-table><s-table-header-row><s-table-header listSlot="primary">Name
</s-table-header><s-table-header>State</s-table-header></s-table-header-row><s-table-body>
<s-table-row clickDelegate="p7"><s-table-cell><s-link id="p7" href="/parcels/7">Seven</s-link></s-table-cell>
<s-table-cell><s-badge>Late</s-badge></s-table-cell></s-table-row></s-table-body></s-table></s-page>""",
    "/parcels/7": '<s-page heading="Parcel 7"></s-page>',
    "/settings": """<s-page heading="Settings"><form data-save-bar>
<s-text-field label="Sender" name="sender" value="Lumen"></s-text-field>
<s-switch label="Send mail" name="on" checked></s-switch><s-select label="Language" name="language">
<s-option value="en">English</s-option><s-option value="fr" selected>French</s-option></s-select></form></s-page>
<script>document.forms[0].addEventListener("submit", async (event) => {
event.preventDefault(); await fetch("/save", { method: "POST", body: new FormData(event.target) });
shopify.toast.show("Saved"); });</script>""",
}


@dataclass
class Admin:
    """The admin of Lumen Goods with the app installed. `saved` is what the app's form sent."""

    store: server.Running
    page: Page
    url: str
    saved: list[dict[str, str]] = field(default_factory=list)
    asked: list[bool] = field(default_factory=list)

    @property
    def app(self) -> FrameLocator:
        return self.page.frame_locator("#app")

    def open(self, path: str = "") -> None:
        self.page.goto(self.url + path)


@pytest.fixture
def admin(page: Page) -> Iterator[Admin]:
    small = Flask("small")
    front = make_server("127.0.0.1", 0, small, threaded=True)
    config = Config(
        app_url=f"http://127.0.0.1:{front.server_port}", api_secret=SECRET, port=0, storefront_port=0, smtp_port=0
    )
    store = server.start(config)
    store.approve(MAIN)
    handle = store.state.shops[MAIN].handle
    found = Admin(store, page, f"{store.url}/store/{handle}/apps/{store.client_id}")
    answer(small, found)
    thread = threading.Thread(target=front.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield found
    store.stop()
    front.shutdown()
    thread.join()
    front.server_close()


def answer(small: Flask, admin: Admin) -> None:
    """What the small app does: pages for who has an ID token, a bounce for who has none, and two fetched answers."""
    store = admin.store

    def knows(token: str) -> bool:
        try:
            jwt.decode(token, SECRET, algorithms=["HS256"], audience=store.client_id)
        except jwt.PyJWTError:
            return False
        return True

    def bearer() -> bool:
        return knows(request.headers.get("Authorization", "").removeprefix("Bearer "))

    @small.get("/", defaults={"path": ""})
    @small.get("/<path:path>")
    def show(path: str) -> ResponseReturnValue:
        if not knows(request.args.get("id_token", "")):
            return redirect(f"/bounce?shopify-reload=/{path}")
        return SHELL.format(key=store.client_id, cdn=f"{store.url}/cdn", page=PAGES[f"/{path}"])

    @small.get("/bounce")
    def bounce() -> str:
        return f'<script data-api-key="{store.client_id}" src="{store.url}/cdn/app-bridge.js"></script>'

    @small.get("/ask")
    def ask() -> Response:
        """Refuses the first token, as an app does whose clock says that it is too old."""
        admin.asked.append(bearer())
        if len(admin.asked) == 1:
            return Response("", 401, {"X-Shopify-Retry-Invalid-Session-Request": "1"})
        return Response("known" if bearer() else "unknown")

    @small.post("/save")
    def save() -> str:
        admin.saved.append(request.form.to_dict() | {"known": str(bearer())})
        return ""


def test_a_merchant_walks_through_the_app_and_the_address_keeps_step(admin: Admin) -> None:
    admin.open()
    expect(admin.app.get_by_role("heading", name="Home")).to_be_visible()
    expect(admin.page.locator("#menu a")).to_have_text(["Parcels", "Settings"])
    admin.page.get_by_role("link", name="Parcels").click()
    admin.app.get_by_role("cell", name="Late").click()
    expect(admin.app.get_by_role("heading", name="Parcel 7")).to_be_visible()
    expect(admin.page).to_have_url(f"{admin.url}/parcels/7")
    admin.page.go_back()
    expect(admin.page).to_have_url(f"{admin.url}/parcels")
    admin.page.reload()
    expect(admin.app.get_by_role("heading", name="Parcels")).to_be_visible()


def test_an_app_that_is_ready_before_the_admins_own_script_still_gets_its_menu(admin: Admin) -> None:
    def late(route: Route) -> None:
        time.sleep(1)
        route.continue_()

    admin.page.route("**/static/admin.js", late)
    admin.open()
    expect(admin.page.locator("#menu a")).to_have_text(["Parcels", "Settings"])


def test_a_fetch_carries_an_id_token_and_a_refused_one_is_replaced_once(admin: Admin) -> None:
    admin.open()
    admin.app.get_by_role("button", name="Ask").click()
    expect(admin.app.locator("#told")).to_have_text("known")
    assert admin.asked == [True, True]


def test_a_change_is_saved_or_discarded_in_the_bar_of_the_admin(admin: Admin) -> None:
    admin.open("/settings")
    admin.app.get_by_label("Sender").fill("Nobody")
    admin.page.get_by_role("button", name="Discard").click()
    expect(admin.app.get_by_label("Sender")).to_have_value("Lumen")
    admin.app.get_by_role("switch", name="Send mail").click()
    admin.page.get_by_role("button", name="Save").click()
    expect(admin.page.get_by_role("status")).to_contain_text("Saved")
    assert admin.saved == [{"sender": "Lumen", "language": "fr", "known": "True"}]


def test_a_merchant_with_unsaved_changes_is_asked_before_leaving(admin: Admin) -> None:
    admin.open("/settings")
    admin.app.get_by_label("Sender").fill("Nobody")
    admin.page.get_by_role("link", name="Parcels").click()
    admin.page.get_by_role("button", name="Stay").click()
    expect(admin.app.get_by_label("Sender")).to_have_value("Nobody")
    admin.page.get_by_role("link", name="Parcels").click()
    admin.page.get_by_role("button", name="Leave page").click()
    expect(admin.app.get_by_role("heading", name="Parcels")).to_be_visible()


def test_a_link_of_the_app_reaches_the_admins_own_pages(admin: Admin) -> None:
    admin.open()
    admin.app.get_by_role("link", name="Orders").click()
    expect(admin.page).to_have_url(re.compile(r"/store/lumen-goods/orders$"))


def test_opened_outside_the_admin_the_app_goes_back_into_it(admin: Admin) -> None:
    admin.page.goto(admin.store.open_app(MAIN, "/parcels"))
    expect(admin.page).to_have_url(f"{admin.url}/parcels")
    expect(admin.app.get_by_role("heading", name="Parcels")).to_be_visible()


def test_the_stand_in_offers_no_attribute_that_polaris_does_not_know(admin: Admin) -> None:
    admin.open()
    expect(admin.app.get_by_role("heading", name="Home")).to_be_visible()
    manifest = json.loads((node.modules() / "@shopify/polaris-types/dist/custom-elements.json").read_text())
    declared = [each for module in manifest["modules"] for each in module["declarations"] if "tagName" in each]
    known = {each["tagName"]: {name["name"].lower() for name in each.get("attributes", [])} for each in declared}
    ours = admin.page.frames[1].evaluate(
        "tags => Object.fromEntries(tags.map(tag => [tag, customElements.get(tag)?.observedAttributes ?? []]))",
        list(known),
    )
    assert {tag: set(names) - known[tag] for tag, names in ours.items() if set(names) - known[tag]} == {}
