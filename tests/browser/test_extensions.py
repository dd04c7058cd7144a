"""Extensions on the store's pages, in a real browser: small ones that are not the product's, beside a small app."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import jwt
import pytest
from flask import Flask, Response, request
from playwright.sync_api import FrameLocator, Page, expect
from werkzeug.serving import make_server

from devstore import deeds, server
from devstore.config import Config
from devstore.pages import surfaces
from devstore.records import Order
from devstore.seed import MAIN
from tests.browser.test_one_order import is_calm, shot

SECRET = "hush-hush-hush-hush-hush-hush-hush"
BUYER = "lea.martin@example.com"
DRAW = "const draw = (html) => { document.body.innerHTML = html; };"


@dataclass
class Place:
    """The store with an app that keeps what extensions ask of it, and a folder in which a test puts extensions."""

    store: server.Running
    page: Page
    folder: Path
    asked: list[dict[str, object]] = field(default_factory=list)

    def extends(self, handle: str, **targets: str) -> None:
        """Put an extension there as if it were built; the targets by the names in `surfaces`, each with its code."""
        folder = self.folder / handle
        (folder / "dist").mkdir(parents=True)
        (folder / "locales").mkdir()
        named = {getattr(surfaces, name): code for name, code in targets.items()}
        told = "".join(f'[[extensions.targeting]]\nmodule = "./x.js"\ntarget = "{each}"\n' for each in named)
        (folder / "shopify.extension.toml").write_text(
            f'api_version = "2026-07"\n[[extensions]]\ntype = "ui_extension"\nname = "t:name"\nhandle = "{handle}"\n'
            f"{told}[extensions.capabilities]\nnetwork_access = true\n"
        )
        english = {
            "name": f"My {handle}",
            "hello": "Hello {{who}}",
            "parcels": {"one": "a parcel", "other": "{{count}} parcels"},
        }
        (folder / "locales/en.default.json").write_text(json.dumps(english))
        (folder / "locales/de.json").write_text(json.dumps({"name": "Meins", "hello": "Hallo {{who}}"}))
        runs = "".join(f'shopify.extend("{target}", async () => {{ {code} }});' for target, code in named.items())
        (folder / f"dist/{handle}.js").write_text(f"(() => {{ {DRAW} {runs} }})();")

    @property
    def order(self) -> Order:
        found = self.store.state.customer_by_email(MAIN, BUYER)
        return [order for order in self.store.state.orders.of(MAIN) if order.customer_id == found.id][-1]

    @property
    def shop(self) -> str:
        return self.store.storefront_url(MAIN)

    @property
    def frame(self) -> FrameLocator:
        """What the only extension that is seen shows."""
        return self.page.frame_locator("iframe.extension:visible")

    def opens_by_link(self) -> None:
        """As somebody to whom the mail with the link was forwarded."""
        order = self.order
        self.page.goto(
            f"{self.shop}/{self.store.state.shops[MAIN].id}/orders/{order.token}/authenticate?key={order.key}"
        )

    def logs_in(self) -> None:
        self.page.goto(f"{self.shop}/account")
        self.types_the_code()
        expect(self.page.get_by_role("heading", name="Your account")).to_be_visible()

    def types_the_code(self) -> None:
        self.page.get_by_label("E-mail").fill(BUYER)
        self.page.get_by_role("button", name="Send me a code").click()
        expect(self.page.get_by_label("Six-digit code")).to_be_visible()
        self.page.get_by_label("Six-digit code").fill(self.store.mailbox.messages(BUYER)[0].subject[-6:])
        self.page.get_by_role("button", name="Log in").click()

    def opens_the_order(self) -> None:
        self.page.goto(f"{self.shop}/account/orders/{self.order.id}")
        expect(self.page.get_by_role("heading", name=f"Order {self.order.name}")).to_be_visible()


@pytest.fixture
def place(page: Page, tmp_path: Path) -> Iterator[Place]:
    small = Flask("small")
    front = make_server("127.0.0.1", 0, small, threaded=True)
    config = Config(
        app_url=f"http://127.0.0.1:{front.server_port}",
        api_secret=SECRET,
        extensions=tmp_path,
        port=0,
        storefront_port=0,
        smtp_port=0,
    )
    store = server.start(config)
    store.approve(MAIN)
    found = Place(store, page, tmp_path)

    @small.route("/<path:path>", methods=["GET", "OPTIONS"])
    def answer(path: str) -> Response:
        """Whom the token names, and from where it is asked."""
        headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Authorization"}
        if request.method == "GET":
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], audience=store.client_id)
            found.asked.append(claims | {"path": path, "origin": request.headers["Origin"]})
        return Response("the app answers", 200, headers)

    thread = threading.Thread(target=front.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield found
    store.stop()
    front.shutdown()
    thread.join()
    front.server_close()


ASK = """const answer = await fetch(`${process.env.APP_URL}/whoami`, {
  headers: {Authorization: `Bearer ${await shopify.sessionToken.get()}`}});
draw(`<s-text>${shopify.authenticationState.value} ${shopify.order.value.name} ${await answer.text()}</s-text>`);"""


def test_who_holds_only_the_link_is_not_named_to_the_app(place: Place) -> None:
    place.extends("block", ORDER_STATUS=ASK)
    place.opens_by_link()
    expect(place.frame.get_by_text(f"pre_authenticated {place.order.name} the app answers")).to_be_visible()
    assert "sub" not in place.asked[0]
    assert (place.asked[0]["dest"], place.asked[0]["origin"]) == (MAIN, "null")


def test_who_is_logged_in_is_named_to_the_app(place: Place) -> None:
    place.extends("block", ORDER_STATUS=ASK)
    place.logs_in()
    place.opens_the_order()
    expect(place.frame.get_by_text(f"fully_authenticated {place.order.name} the app answers")).to_be_visible()
    assert place.asked[0]["sub"] == f"gid://shopify/Customer/{place.order.customer_id}"


def test_an_app_that_may_not_see_customers_is_told_no_name(place: Place) -> None:
    place.store.state.shops[MAIN].expose_customers = False
    place.extends("block", ORDER_STATUS=ASK)
    place.logs_in()
    place.opens_the_order()
    expect(place.frame.get_by_text("the app answers")).to_be_visible()
    assert "sub" not in place.asked[0]


def test_a_block_that_requires_a_login_gets_the_buyer_back_with_it(place: Place) -> None:
    place.extends(
        "block",
        ORDER_STATUS="""draw(`<s-button>${shopify.authenticationState.value}</s-button>`);
        document.querySelector("s-button").addEventListener("click", () => shopify.requireLogin());""",
    )
    place.opens_by_link()
    place.frame.get_by_role("button", name="pre_authenticated").click()
    expect(place.page.get_by_label("E-mail")).to_be_visible()
    place.types_the_code()
    expect(place.frame.get_by_role("button", name="fully_authenticated")).to_be_visible()


def test_texts_come_in_the_buyers_language_with_what_stands_in_them(place: Place) -> None:
    place.extends(
        "block",
        ORDER_STATUS="""const {translate, formatDate, formatNumber, formatCurrency} = shopify.i18n;
        draw(`<s-text>${[translate("hello", {who: "Mira"}), translate("parcels", {count: 1}),
          translate("parcels", {count: 3}), formatNumber(1234.5), formatCurrency(5),
          formatDate(new Date("2026-11-24T12:00Z"), {dateStyle: "long"}),
          shopify.localization.language.value.isoCode].join(" | ")}</s-text>`);""",
    )
    place.opens_by_link()
    english = "Hello Mira | a parcel | 3 parcels | 1,234.5 | €5.00 | November 24, 2026 | en"
    expect(place.frame.locator("s-text")).to_have_text(english)
    place.page.goto(f"{place.shop}/?locale=de")
    place.opens_by_link()
    german = "Hallo Mira | a parcel | 3 parcels | 1.234,5 | 5,00 € | 24. November 2026 | de"
    expect(place.frame.locator("s-text")).to_have_text(german)


def test_what_an_extension_stores_is_there_on_the_next_page(place: Place) -> None:
    place.extends(
        "block",
        ORDER_STATUS="""const seen = (await shopify.storage.read("seen") ?? 0) + 1;
        await shopify.storage.write("seen", seen); draw(`<s-text>Seen ${seen}</s-text>`);""",
    )
    place.opens_by_link()
    expect(place.frame.get_by_text("Seen 1")).to_be_visible()
    place.page.reload()
    expect(place.frame.get_by_text("Seen 2")).to_be_visible()


def test_a_frame_is_as_high_as_what_is_in_it(place: Place) -> None:
    place.extends(
        "block",
        ORDER_STATUS="""draw(`<s-button>More</s-button>`);
        document.querySelector("s-button").addEventListener("click", () => document.body.insertAdjacentHTML(
          "beforeend", `<s-box blockSize="300px"></s-box>`));""",
    )
    place.opens_by_link()
    frame = place.page.locator("iframe.extension")
    expect(frame).to_have_css("height", re.compile(r"^[4-7]\dpx"))
    place.frame.get_by_role("button", name="More").click()
    expect(frame).to_have_css("height", re.compile(r"^3[4-7]\dpx"))


def test_a_link_to_another_page_leaves_the_frame(place: Place) -> None:
    place.extends("block", ORDER_STATUS="draw(`<s-link href='${shopify.shop.storefrontUrl}/cart'>Cart</s-link>`);")
    place.opens_by_link()
    place.frame.get_by_role("link", name="Cart").click()
    expect(place.page).to_have_url(f"{place.shop}/cart")


def test_an_account_page_is_an_entry_of_the_menu_and_leads_to_orders(place: Place) -> None:
    order = place.order.id
    place.extends(
        "overview",
        ACCOUNT_PAGE=f"""const {{id}} = shopify.authenticatedAccount.customer.value;
        draw(`<s-page heading="All parcels" subheading="${{id}}">
        <s-section heading="One"><s-button>Open</s-button></s-section></s-page>`);
        document.querySelector("s-button").addEventListener("click",
          () => navigation.navigate("shopify:customer-account/orders/{order}"));""",
    )
    place.logs_in()
    place.page.get_by_role("link", name="My overview").click()
    expect(place.frame.get_by_role("heading", name="All parcels")).to_be_visible()
    expect(place.frame.get_by_text(f"gid://shopify/Customer/{place.order.customer_id}")).to_be_visible()
    is_calm(place.page)
    shot(place.page, "extension-account-page")
    place.frame.get_by_role("button", name="Open").click()
    expect(place.page.get_by_role("heading", name=f"Order {place.order.name}")).to_be_visible()


def test_an_order_page_knows_its_order_and_is_reached_from_the_order_and_from_other_extensions(place: Place) -> None:
    place.extends("journey", ORDER_PAGE='draw(`<s-page heading="Journey of ${shopify.order.value.name}"></s-page>`);')
    place.extends("block", ORDER_STATUS="draw(`<s-button href='extension:journey/'>Follow</s-button>`);")
    place.logs_in()
    place.opens_the_order()
    place.frame.get_by_role("link", name="Follow").click()
    heading = place.frame.get_by_role("heading", name=f"Journey of {place.order.name}")
    expect(heading).to_be_visible()
    place.page.get_by_role("link", name=f"Order {place.order.name}").click()
    place.page.get_by_role("link", name="My journey").click()
    expect(heading).to_be_visible()


def test_an_order_action_opens_in_a_modal_and_closes_itself(place: Place) -> None:
    place.extends(
        "action",
        MENU_ITEM="draw(`<s-button>Report</s-button>`);",
        ACTION="""draw(`<s-customer-account-action heading="Report a problem"><s-text>${shopify.orderId}</s-text>
        <s-button slot="primary-action" variant="primary">Send</s-button></s-customer-account-action>`);
        document.querySelector("s-button").addEventListener("click", async () => {
          await shopify.toast.show("Thank you"); shopify.close(); });""",
    )
    place.logs_in()
    place.opens_the_order()
    place.frame.get_by_role("button", name="Report").click()
    modal = place.page.frame_locator("iframe.modal")
    expect(modal.get_by_role("heading", name="Report a problem")).to_be_visible()
    expect(modal.get_by_text(f"gid://shopify/Order/{place.order.id}")).to_be_visible()
    shot(place.page, "extension-order-action")
    modal.get_by_role("button", name="Send").click()
    expect(place.page.get_by_role("status")).to_have_text("Thank you")
    expect(place.page.get_by_role("dialog")).to_have_count(0)


def test_who_only_holds_the_link_is_offered_no_action(place: Place) -> None:
    place.extends("action", MENU_ITEM="draw(`<s-button>Report</s-button>`);", ACTION="draw(``);")
    place.opens_by_link()
    expect(place.page.get_by_role("heading", name=f"Order {place.order.name}")).to_be_visible()
    expect(place.page.locator("iframe.extension")).to_have_count(0)


def test_an_admin_block_asks_its_app_and_shopify_as_the_merchant(place: Place) -> None:
    place.extends(
        "beside",
        ADMIN_ORDER="""const [{id}] = shopify.data.selected;
        const {data} = await shopify.query("query ($id: ID!) { order(id: $id) { name } }", {variables: {id}});
        const answer = await (await fetch("/orders")).text();
        draw(`<s-admin-block heading="${data.order.name}"><s-text>${answer}</s-text></s-admin-block>`);""",
    )
    place.page.goto(f"{place.store.url}/store/lumen-goods/orders/{place.order.id}")
    expect(place.frame.get_by_role("heading", name=place.order.name)).to_be_visible()
    expect(place.frame.get_by_text("the app answers")).to_be_visible()
    staff = place.store.state.shops[MAIN].staff.id
    assert (place.asked[0]["path"], place.asked[0]["sub"]) == ("orders", str(staff))
    shot(place.page, "extension-admin-block")


ELEMENTS = """const {url} = shopify.lines.value[0].merchandise.image;
draw(`<s-section heading="Elements">
  <s-details><s-summary>More about it</s-summary><s-text>Inside</s-text></s-details>
  <s-time dateTime="2026-11-24">Tuesday</s-time> <s-skeleton-paragraph content="Waiting"></s-skeleton-paragraph>
  <s-product-thumbnail src="${url}" alt="What was bought" totalItems="2"></s-product-thumbnail>
  <s-form><s-text-field label="Name" name="name"></s-text-field>
    <s-button type="submit" variant="primary">Send</s-button></s-form>
  <s-text id="told"></s-text></s-section>`);
document.querySelector("s-form").addEventListener("submit", () => {
  told.textContent = `Sent ${document.querySelector("s-text-field").value}`; });"""


def test_the_elements_of_buyers_surfaces_are_drawn_and_work(place: Place) -> None:
    place.extends("block", ORDER_STATUS=ELEMENTS)
    place.opens_by_link()
    expect(place.frame.get_by_text("Inside")).to_be_hidden()
    place.frame.get_by_text("More about it").click()
    expect(place.frame.get_by_text("Inside")).to_be_visible()
    expect(place.frame.get_by_role("img", name="What was bought")).to_be_visible()
    place.frame.get_by_label("Name").fill("Lea")
    place.frame.get_by_role("button", name="Send").click()
    expect(place.frame.get_by_text("Sent Lea")).to_be_visible()
    shot(place.page, "extension-elements")


@pytest.fixture
def everywhere(place: Place) -> Callable[[], list[str]]:
    """The text of every page on which extensions stand."""
    names = ("THANK_YOU", "ORDER_STATUS", "MENU_ITEM", "ACTION", "ADMIN_ORDER")
    place.extends("all", **dict.fromkeys(names, "draw(`<s-button>It runs</s-button>`);"))
    variant = place.store.state.products.of(MAIN)[0].variants[0].id
    checkout = deeds.begin_checkout(place.store.state, MAIN, [(variant, 1)], email=BUYER)
    deeds.complete(place.store.state, checkout)
    order = f"{place.store.url}/store/lumen-goods/orders/{place.order.id}"
    addresses = [
        f"{place.shop}/checkouts/{checkout.token}/thank-you",
        f"{place.shop}/account/orders/{place.order.id}",
        order,
    ]
    place.logs_in()

    def read() -> list[str]:
        texts = []
        for address in addresses:
            place.page.goto(address)
            texts.append(place.page.locator("body").inner_text())
        return texts

    return read


def test_an_extension_that_is_not_built_says_how_to_build_it(place: Place, everywhere: Callable[[], list[str]]) -> None:
    (place.folder / "all/dist/all.js").unlink()
    assert ["Extensions are not built: run make extensions" in text for text in everywhere()] == [True] * 3


def test_nothing_of_an_app_is_seen_where_it_is_not_installed(place: Place, everywhere: Callable[[], list[str]]) -> None:
    deeds.uninstall(place.store.state, MAIN)
    everywhere()
    expect(place.page.locator("iframe.extension")).to_have_count(0)
    refused = place.page.request.get(f"{place.shop}/account/token")
    assert refused.status == 404
