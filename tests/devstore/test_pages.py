"""What people see of the store, by hand: buyers at the checkout, merchants in the admin, we at the control panel."""

import re
from collections.abc import Iterator

import pytest
import requests

from devstore import server
from devstore.config import Config
from devstore.records import Order
from devstore.seed import MAIN
from devstore.server import Running
from tests.devstore.conftest import SECRET, SmallApp

HERE = f"/store/{MAIN.removesuffix('.myshopify.com')}"


@pytest.fixture
def stocked(app: SmallApp) -> Iterator[Running]:
    """The store with its two shops; nothing is installed yet."""
    config = Config(app_url=app.url, api_secret=SECRET, port=0, storefront_port=0, smtp_port=0, retry_scale=0.0005)
    running = server.start(config)
    yield running
    running.stop()


class Person:
    """A browser without JavaScript at one site."""

    def __init__(self, base: str) -> None:
        self.base, self.line = base, requests.Session()

    def get(self, path: str) -> str:
        answer = self.line.get(self.base + path, timeout=10)
        answer.raise_for_status()
        return answer.text

    def post(self, path: str, **form: object) -> requests.Response:
        return self.line.post(self.base + path, data=form, timeout=10)


@pytest.fixture
def buyer(stocked: Running) -> Person:
    return Person(stocked.storefront_url(MAIN))


@pytest.fixture
def merchant(stocked: Running) -> Person:
    return Person(stocked.url)


def order(stocked: Running, name: str) -> Order:
    found = stocked.state.order_by_name(MAIN, name)
    assert found is not None
    return found


def put_in_cart(stocked: Running, buyer: Person) -> None:
    cup = next(product for product in stocked.state.products.of(MAIN) if product.title == "Stoneware Cup")
    buyer.post("/cart/add", id=cup.variants[0].id, quantity=2)


WHERE = {
    "country": "DE",
    "first_name": "Paula",
    "last_name": "Neu",
    "address1": "Weg 3",
    "zip": "20253",
    "city": "Hamburg",
}


def test_every_page_of_the_store_answers(stocked: Running, merchant: Person, buyer: Person) -> None:
    some = order(stocked, "#1026").id
    for path in ("/", "/mailbox", "/control", "/control/webhooks", "/control/trouble", "/control/people"):
        assert "Store on this machine" in merchant.get(path)
    for path in ("", "/orders", f"/orders/{some}", "/products", "/customers", "/settings/apps"):
        assert "Lumen Goods" in merchant.get(HERE + path)
    assert "Parcel #1026.2" in merchant.get(f"/control/orders/{some}")
    for path in (
        "/",
        "/collections/all",
        "/collections/Lighting",
        "/products/arc-desk-lamp",
        "/cart",
        "/account/login",
    ):
        assert "Lumen Goods" in buyer.get(path)


def test_a_merchant_sees_what_the_app_asks_for_before_it_is_opened(stocked: Running, merchant: Person) -> None:
    page = merchant.get(f"{HERE}/apps/{stocked.client_id}")
    assert all(scope in page for scope in stocked.app.scopes)
    assert "<iframe" not in page
    merchant.post(f"{HERE}/app/install")
    opened = merchant.get(f"{HERE}/apps/{stocked.client_id}/orders/7?tab=parcels")
    frame = re.search(r'<iframe[^>]*src="([^"]+)"', opened)
    assert frame
    assert frame[1].startswith(f"{stocked.app_url}/orders/7?")
    assert all(f"{name}=" in frame[1] for name in ("embedded", "hmac", "host", "id_token", "shop", "timestamp", "tab"))


def test_a_merchant_approves_what_is_asked_for_anew(stocked: Running, merchant: Person) -> None:
    merchant.post(f"{HERE}/app/install")
    install = stocked.state.install(MAIN)
    assert install
    install.scopes = ["read_orders"]
    assert "needs new permissions" in merchant.get(f"{HERE}/apps/{stocked.client_id}")
    merchant.post(f"{HERE}/app/install")
    assert stocked.state.install(MAIN).scopes == sorted(stocked.app.scopes)  # type: ignore[union-attr]


def test_an_uninstalled_app_gets_no_id_token(stocked: Running, merchant: Person) -> None:
    merchant.post(f"{HERE}/app/install")
    assert "token" in merchant.line.get(f"{stocked.url}{HERE}/app/id-token", timeout=5).json()
    merchant.post(f"{HERE}/app/uninstall")
    assert merchant.line.get(f"{stocked.url}{HERE}/app/id-token", timeout=5).status_code == 403


def test_typing_the_email_begins_the_checkout_and_paying_makes_the_order(stocked: Running, buyer: Person) -> None:
    put_in_cart(stocked, buyer)
    token = buyer.post("/checkout/contact", email="paula@example.com").json()["token"]
    checkout = stocked.state.checkout_by_token(MAIN, token)
    assert checkout
    assert checkout.completed_at is None
    paid = buyer.post("/checkout", email="paula@example.com", payment="card", card="1", deed="pay", **WHERE)
    assert paid.url.endswith(f"/checkouts/{token}/thank-you")
    assert "Thank you, Paula!" in paid.text
    assert 'href="/apps/aftercare"' in paid.text
    made = stocked.state.orders[checkout.order_id or 0]
    assert (made.email, made.lines[0].quantity, made.checkout_token) == ("paula@example.com", 2, token)


def test_a_declined_card_leaves_the_checkout_open(stocked: Running, buyer: Person) -> None:
    put_in_cart(stocked, buyer)
    declined = buyer.post("/checkout", email="paula@example.com", payment="card", card="2", deed="pay", **WHERE)
    assert declined.status_code == 402
    assert "declined" in declined.text
    assert stocked.state.checkouts.of(MAIN)[-1].order_id is None


def test_a_bank_deposit_is_paid_later(stocked: Running, buyer: Person) -> None:
    put_in_cart(stocked, buyer)
    buyer.post("/checkout", email="paula@example.com", payment="bank", deed="pay", **WHERE)
    assert stocked.state.orders.of(MAIN)[-1].paid == "0"


def test_a_discount_code_is_taken_off(stocked: Running, buyer: Person) -> None:
    put_in_cart(stocked, buyer)
    page = buyer.post("/checkout", email="paula@example.com", code="welcome10", deed="apply", **WHERE)
    assert "€6.80" in page.text
    assert "not known" in buyer.post("/checkout", email="paula@example.com", code="nope", deed="apply", **WHERE).text


def test_a_left_cart_is_there_again_behind_its_link(stocked: Running, buyer: Person) -> None:
    put_in_cart(stocked, buyer)
    token = buyer.post("/checkout/contact", email="paula@example.com").json()["token"]
    other = Person(buyer.base)
    page = other.get(f"/{stocked.state.shops[MAIN].id}/checkouts/{token}/recover")
    assert "paula@example.com" in page
    assert "Stoneware Cup" in page


def test_the_status_page_opens_with_its_key_only(stocked: Running, buyer: Person) -> None:
    some = order(stocked, "#1026")
    path = f"/{stocked.state.shops[MAIN].id}/orders/{some.token}"
    for wrong in (path, f"{path}/authenticate?key=guess", f"{path}/authenticate"):
        assert buyer.line.get(buyer.base + wrong, timeout=5).status_code == 403
    opened = buyer.line.get(f"{buyer.base}{path}/authenticate?key={some.key}", timeout=5)
    assert "Order #1026" in opened.text
    assert some.key not in opened.url


def test_a_buyer_logs_in_with_a_code_from_the_mail(stocked: Running, buyer: Person) -> None:
    assert "We have sent" in buyer.post("/account/login", email="lea.martin@example.com").text
    code = stocked.mailbox.messages("lea.martin@example.com")[0].subject[-6:]
    assert buyer.post("/account/login/code", code="not it").status_code == 403
    assert "#1026" in buyer.post("/account/login/code", code=code).text
    buyer.post("/account/consent")
    lea = stocked.state.customer_by_email(MAIN, "lea.martin@example.com")
    assert lea
    assert lea.email_consent.state == "unsubscribed"


def test_a_stranger_is_told_the_same_and_gets_no_mail(stocked: Running, buyer: Person) -> None:
    assert "We have sent" in buyer.post("/account/login", email="nobody@example.com").text
    assert stocked.mailbox.messages("nobody@example.com") == []


@pytest.mark.parametrize(("language", "words"), [("fr", "Votre panier"), ("de", "Ihr Warenkorb"), ("es", "Su carrito")])
def test_the_shop_speaks_the_buyers_language(buyer: Person, language: str, words: str) -> None:
    buyer.line.headers["Accept-Language"] = f"{language}-XX,{language};q=0.9,en;q=0.5"
    assert words in buyer.get("/cart")


def test_an_order_is_moved_along_by_buttons(stocked: Running, merchant: Person) -> None:
    some = order(stocked, "#1037")
    merchant.post("/control/do/fulfil", order_id=some.id)
    parcel = some.fulfillments[0]
    for _ in range(5):
        merchant.post("/control/do/scan", fulfillment_id=parcel.id)
    assert [event.status for event in parcel.events] == [
        "label_printed",
        "carrier_picked_up",
        "in_transit",
        "out_for_delivery",
        "delivered",
    ]
    assert parcel.events[-1].city == "Hamburg"
    assert "The way of" in merchant.post("/control/do/scan", fulfillment_id=parcel.id).text


def test_a_return_goes_through_the_shops_own_admin_by_hand(stocked: Running, merchant: Person) -> None:
    some = order(stocked, "#1018")
    here = f"{HERE}/orders/{some.id}"
    assert "Create a return" in merchant.get(here)
    asked = {f"line-{some.lines[0].id}": "1", "order_id": some.id, "back": here}
    said = merchant.post("/control/do/request_return", **asked, reason="SIZE_TOO_SMALL")
    assert said.url.endswith(here) and "The buyer asks for return #1018-R1" in said.text
    back = some.returns[0]
    assert (
        "is open"
        in merchant.post("/control/do/file_return", **{f"line-{some.lines[1].id}": "1"}, order_id=some.id).text
    )
    merchant.post("/control/do/approve_return", return_id=back.id, back=here)
    for status in ("carrier_picked_up", "in_transit", "delivered"):
        merchant.post("/control/do/send_back", return_id=back.id, back=here, status=status)
    assert "dropped off · under way · at the warehouse" in merchant.get(here)
    stock = next(v for p in stocked.state.products.of(MAIN) for v in p.variants if v.id == some.lines[0].variant_id)
    merchant.post("/control/do/take_in", return_id=back.id, back=here, type="RESTOCKED")
    assert stock.inventory_quantity == 1, "the last size M was sold"
    merchant.post("/control/do/settle_return", return_id=back.id, back=here)
    assert (some.refunds[0].amount, some.refunds[0].return_id) == ("168.00", back.id)
    merchant.post("/control/do/close_return", return_id=back.id, back=here)
    assert back.status == "CLOSED"
    assert "#1018-R1 is CLOSED" in merchant.post("/control/do/decline_return", return_id=back.id, back=here).text


def test_what_cannot_be_done_is_said_on_the_page(stocked: Running, merchant: Person) -> None:
    said = merchant.post("/control/do/fulfil", order_id=order(stocked, "#1001").id)
    assert "not that many pieces left" in said.text


def test_a_scenario_lets_the_days_pass(stocked: Running, merchant: Person) -> None:
    before = stocked.state.now()
    merchant.post("/control/do/scenario", name="one_late", shop=MAIN, days="1")
    played = stocked.state.orders.of(MAIN)[-1]
    assert [parcel.events[-1].status for parcel in played.fulfillments] == ["delivered", "delayed"]
    assert (stocked.state.now() - before).days >= 5


def test_trouble_is_set_and_taken_back(stocked: Running, merchant: Person) -> None:
    merchant.post("/control/do/faults", **{"webhooks.twice": "3", "graphql.outage": "on", "smtp.permanent": "1"})
    faults = stocked.faults
    assert (faults.webhooks.twice, faults.graphql.outage, faults.smtp.permanent) == (3, True, 1)
    merchant.post("/control/do/calm")
    assert (faults.webhooks.twice, faults.graphql.outage) == (0, False)


def test_mail_is_shown_without_its_scripts(stocked: Running, merchant: Person) -> None:
    head = b"From: a@example.com\nTo: b@example.com\nSubject: Hello\nContent-Type: text/html\n\n"
    raw = head + b"<script>1</script><b>Hi</b>"
    kept = stocked.mailbox.keep("a@example.com", ["b@example.com"], raw, once_per_key=False)
    assert kept
    shown = merchant.line.get(f"{stocked.url}/mailbox/{kept.id}.html", timeout=5)
    assert "<b>Hi</b>" in shown.text
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox" title="Hello"' in merchant.get("/mailbox")
