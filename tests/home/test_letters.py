"""A merchant puts messages into own words: checked, seen on a real order, in versions, and never half filled in."""

import re
from io import BytesIO
from typing import Any

import pytest

from devstore.faults import SmtpFaults
from devstore.smtp import Mailbox
from shopify_app import clock
from shopify_app.db import db, rest, transaction
from shopify_app.mail import wording
from shopify_app.mail.models import Message
from shopify_app.mail.versions import Version
from shopify_app.shopify.models import Shop
from tests.buyers import Tell
from tests.conftest import Jobs
from tests.factories import new_order
from tests.home.conftest import Merchant
from tests.mail.test_brand import picture

PLAIN = "/settings/messages/confirmations/plain"
Post = tuple[Mailbox, SmtpFaults]


def query(merchant: Merchant, **more: str) -> dict[str, Any]:
    return {"query_string": merchant.frame | more}


def keeps(merchant: Merchant, after: int = 0, language: str = "en", **parts: str) -> Any:
    return merchant.sends(PLAIN, {"after": str(after)} | parts, **query(merchant, language=language))


def buys(tell: Tell, number: int = 1001, **keys: object) -> None:
    tell("orders/create", new_order(clock.now(), number, **({"customer_locale": "en"} | keys)))


def versions() -> list[Version]:
    rest()
    return list(db.session.query(Version).order_by(Version.number))


def test_a_merchant_s_words_go_out_and_what_they_left_is_ours(
    merchant: Merchant, shop: Shop, tell: Tell, post_office: Post
) -> None:
    answer = keeps(merchant, subject="Hooray: {{ order }}", heading="", body="Hello {{ first_name | default: 'you' }}!")
    assert answer.json == {"toast": "Saved", "is_error": False}
    buys(tell)
    (mail,) = post_office[0].messages()
    assert mail.subject == "Hooray: #1001"
    assert "Hello Mira!" in (mail.text or "")
    assert "Thank you, Mira!" in (mail.html or "")
    assert "Follow my order" in (mail.html or "")
    assert "Amount paid" in (mail.html or "")


def test_only_the_language_that_was_written_speaks_in_own_words(
    merchant: Merchant, shop: Shop, tell: Tell, post_office: Post
) -> None:
    keeps(merchant, language="de", subject="Hurra: {{ order }}")
    buys(tell, 1, customer_locale="de-AT")
    buys(tell, 2, customer_locale="en")
    assert {mail.subject for mail in post_office[0].messages()} == {"Hurra: #1", "Order #2 is confirmed"}


def test_only_the_shop_that_wrote_them_speaks_in_its_words(
    merchant: Merchant, neighbour: Merchant, shop: Shop, tell: Tell, post_office: Post
) -> None:
    keeps(neighbour, subject="Not yours")
    buys(tell)
    assert post_office[0].messages()[0].subject == "Order #1001 is confirmed"
    assert "Not yours" not in merchant.opens(PLAIN).text


@pytest.mark.parametrize(
    ("part", "text", "said"),
    [
        ("subject", "{{ nickname }}", "Line 1: there is no “nickname”."),
        ("body", "One\n{{ order.name }}", "Line 2: there is no “order.name”."),
        ("heading", "Hello {{ first_name }}", "Line 1: not every buyer has a “first_name”."),
        ("button", "{% include 'x' %}", "Line 1: this is not understood"),
        ("body", "x" * 5001, "This is too long: 5000 characters at most."),
    ],
)
def test_what_would_not_work_is_said_at_its_field_and_nothing_is_kept(
    merchant: Merchant, part: str, text: str, said: str
) -> None:
    for path in (PLAIN, f"{PLAIN}/preview"):
        answer = merchant.sends(path, {"after": "0", part: text})
        assert answer.status_code == 422
        assert said in answer.json["errors"][part]  # type: ignore[index]
    assert versions() == []


def test_a_value_that_is_missing_at_last_keeps_the_message_back_and_the_merchant_reads_why(
    merchant: Merchant, shop: Shop, tell: Tell, jobs: Jobs, post_office: Post
) -> None:
    """As when a value that was always there is not any more; at the save it would not have passed."""
    with transaction():
        parts = {"heading": "Hello {{ first_name }}"}
        row = Version(name="confirmations/plain", language="en", number=1, parts=parts, written_at=clock.now())
        row.shop_id = shop.id
        db.session.add(row)
    nobody = {"id": 5, "email": "mira.sommer@example.com", "first_name": None, "last_name": None}
    buys(tell, customer=nobody, shipping_address=None, billing_address=None)
    assert post_office[0].messages() == []
    message = db.session.query(Message).one()
    assert (message.result, message.reason) == ("failed", "value_missing")
    page = merchant.opens("/messages").text
    assert "Your own words need “first_name”, and this order has none." in page
    keeps(merchant, after=1, heading="Hello {{ first_name | default: 'you' }}")
    merchant.sends(f"/messages/{message.id}/sending")
    jobs.run()
    assert "Hello you" in (post_office[0].messages()[0].html or "")


def test_every_save_is_a_version_and_each_can_be_used_again(merchant: Merchant, shop: Shop) -> None:
    keeps(merchant, subject="First {{ order }}")
    keeps(merchant, after=1, subject="Second {{ order }}")
    page = merchant.opens(PLAIN).text
    assert "Second #" in page
    merchant.sends(f"{PLAIN}/versions/1", {"after": "2"})
    assert "First #" in merchant.opens(PLAIN).text
    merchant.sends(f"{PLAIN}/default", {"after": "3"})
    assert "is confirmed" in merchant.opens(PLAIN).text
    assert [(one.number, one.parts) for one in versions()] == [
        (1, {"subject": "First {{ order }}"}),
        (2, {"subject": "Second {{ order }}"}),
        (3, {"subject": "First {{ order }}"}),
        (4, {}),
    ]


def test_two_who_write_at_once_do_not_overwrite_each_other(merchant: Merchant) -> None:
    keeps(merchant, subject="First {{ order }}")
    answer = keeps(merchant, subject="Second {{ order }}")
    assert answer.status_code == 409
    assert [one.parts["subject"] for one in versions()] == ["First {{ order }}"]


def test_what_stays_as_we_say_it_is_not_kept_as_the_merchant_s(merchant: Merchant) -> None:
    keeps(merchant, subject="Order {{ order }} is confirmed", button="Show it")
    assert [one.parts for one in versions()] == [{"button": "Show it"}]


def test_a_preview_is_of_a_real_order_and_changes_nothing(
    merchant: Merchant, shop: Shop, tell: Tell, post_office: Post
) -> None:
    buys(tell, 77)
    before = len(db.session.query(Message).all())
    order = db.session.query(Message).one().order_id
    page = merchant.opens(PLAIN, order=str(order)).text
    assert "#77" in page
    answer = merchant.sends(f"{PLAIN}/preview", {"subject": "Now {{ order }}"}, **query(merchant, order=str(order)))
    assert answer.json is not None
    assert answer.json["subject"] == "Now #77"
    assert "<html" in answer.json["preview"]
    assert "/orders/ey" not in answer.json["preview"], "no key to the buyer's page lies around in it"
    assert versions() == []
    assert len(db.session.query(Message).all()) == before


def test_another_shop_s_order_cannot_be_looked_at(
    neighbour: Merchant, shop: Shop, tell: Tell, post_office: Post
) -> None:
    buys(tell, 77)
    order = db.session.query(Message).one().order_id
    assert neighbour.opens(PLAIN, order=str(order)).status_code == 404


def test_a_test_goes_to_the_shop_alone_and_once_a_minute(
    merchant: Merchant, shop: Shop, tell: Tell, jobs: Jobs, post_office: Post
) -> None:
    with transaction():
        shop.email = "owner@example.com"
    assert merchant.sends(f"{PLAIN}/test").json == {"toast": "A test goes to owner@example.com.", "is_error": False}
    assert merchant.sends(f"{PLAIN}/test").status_code == 409
    jobs.run()
    (mail,) = post_office[0].messages()
    assert mail.rcpt_tos == ["owner@example.com"]
    assert mail.subject == "Test: Order #1001 is confirmed"


@pytest.mark.parametrize("path", ["confirmations/none", "returns/asked", "x"])
def test_there_is_nothing_to_write_where_there_is_no_such_message(merchant: Merchant, path: str) -> None:
    assert merchant.opens(f"/settings/messages/{path}").status_code == 404


@pytest.mark.parametrize("locale", ["en", "de", "fr", "es"])
def test_every_message_can_be_opened_in_every_language(merchant: Merchant, locale: str) -> None:
    merchant.locale = locale
    names = re.findall(r"/settings/messages/(\w+/\w+)\?", merchant.opens("/settings/messages").text)
    assert sorted(names) == sorted(wording.known())
    for name in names:
        page = merchant.opens(f"/settings/messages/{name}", language=locale)
        assert page.status_code == 200
        assert "srcdoc=" in page.text


def test_a_brand_is_on_every_mail(merchant: Merchant, shop: Shop, tell: Tell, post_office: Post) -> None:
    form = {"button": "#7A1F5C", "signature": "Mira\nof Lumen", "address": "1 Harbour Street", "font": "georgia"}
    assert merchant.sends("/settings/brand/preview", form).status_code == 200
    assert "brand" not in shop.settings
    assert merchant.sends("/settings/brand", form).json == {"toast": "Saved", "is_error": False}
    assert merchant.sends("/settings/brand", {"button": "#ffee00"}).status_code == 422
    buys(tell)
    (mail,) = post_office[0].messages()
    for part in ("#7a1f5c", "Mira<br>of Lumen", "1 Harbour Street", "Georgia"):
        assert part in (mail.html or "")
    assert "Mira\nof Lumen" in (mail.text or "").replace("\r", "")


def test_an_uploaded_logo_is_fetched_by_mail_programs(merchant: Merchant, shop: Shop, client: Any) -> None:
    upload = {"file": (BytesIO(picture("JPEG")), "logo.jpg")}
    assert merchant.sends("/settings/brand/logo", upload).status_code == 200
    rest()
    db.session.refresh(shop)
    address = shop.settings["brand"]["logo"]
    assert address.startswith("https://aftercare.example.com/logos/lumen-goods.myshopify.com/")
    answer = client.get(address.removeprefix("https://aftercare.example.com"))
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert "immutable" in answer.headers["Cache-Control"]
    assert f'src="{address}"' in merchant.opens("/settings/brand").get_data(as_text=True).replace("&#34;", '"')
    assert client.get("/logos/lumen-goods.myshopify.com/0.png").status_code == 404
    assert merchant.sends("/settings/brand/logo", {"file": (BytesIO(b"x"), "x.png")}).status_code == 422
