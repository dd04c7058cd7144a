"""A buyer looks an order up by its number and an e-mail or phone; a stranger learns nothing."""

import re
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from devstore import signing
from devstore.smtp import Mailbox
from shopify_app import clock as app_clock
from shopify_app import limits
from shopify_app.db import db, transaction
from shopify_app.mail.models import Message
from shopify_app.shopify.models import Shop
from shopify_app.tracking.models import Lookup
from tests.buyers import PATH, Configure, Storefront, Tell, sign
from tests.conftest import SECRET, Clock, Jobs
from tests.orders import BUYER, order

LINK = re.compile(re.escape(PATH) + r"/orders/[\w.-]+")
STRANGER = "somebody.else@example.com"
PROMISE = "If that order exists, we have mailed a secure link to the address on file."


def link_in(text: str) -> str:
    found = LINK.search(text)
    assert found, text
    return found[0]


def test_a_buyer_finds_the_order_by_number_and_e_mail(storefront: Storefront, tell: Tell) -> None:
    tell("orders/create", order())
    for number in ("#1001", "1001", " # 1001 ", "＃1001"):
        found = storefront.look_up(number, "nora.lindqvist@example.com")
        assert found.status_code == 200
        page = storefront.get(link_in(found.text))
        assert page.status_code == 200
        assert "Your order is paid, and we are preparing it." in page.text


def test_an_e_mail_is_the_same_in_any_case_and_with_blanks_around(storefront: Storefront, tell: Tell) -> None:
    tell("orders/create", order(email="Nora.Lindqvist@Example.com"))
    assert LINK.search(storefront.look_up("1001", " NORA.lindqvist@example.COM ").text)


@pytest.mark.parametrize("country", ["FR", "DE", None])
def test_a_buyer_finds_the_order_by_phone_as_dialled_at_home_or_from_abroad(
    storefront: Storefront, tell: Tell, shop: Shop, country: str | None
) -> None:
    with transaction():
        shop.country = country
    tell("orders/create", order())
    for contact in ("+33612345678", "+33 6 12 34 56 78", "06 12 34 56 78", "0033 612-345-678"):
        assert LINK.search(storefront.look_up("1001", contact).text), contact


def test_marks_that_nobody_sees_do_not_hide_the_order(storefront: Storefront, tell: Tell) -> None:
    tell("orders/create", order())
    assert LINK.search(storefront.look_up("\u200b#1001\ufeff", "\u202a+33 6 12 34 56 78\u202c").text)


def test_a_number_that_came_as_dialled_at_home_is_found_from_abroad(storefront: Storefront, tell: Tell) -> None:
    """Shopify tells the phone of an address as it was typed."""
    tell("orders/create", order(email=None, phone=None, customer=None))
    assert LINK.search(storefront.look_up("1001", "+33 6 12 34 56 78").text)


def test_a_number_with_letters_is_found_in_any_case(storefront: Storefront, tell: Tell) -> None:
    tell("orders/create", order(name="EN1001-b"))
    assert LINK.search(storefront.look_up("en1001-B", BUYER["email"]).text)


def test_what_was_found_leads_to_the_page_by_itself_and_by_a_click(storefront: Storefront, tell: Tell) -> None:
    tell("orders/create", order())
    found = storefront.look_up("#1001", BUYER["email"]).text
    link = link_in(found)
    assert f'<meta http-equiv="refresh" content="0; url={link}">' in found
    assert f'<a class="aftercare-button" href="{link}">Show my order</a>' in found


def test_every_failure_looks_the_same_to_the_last_byte(storefront: Storefront, tell: Tell) -> None:
    tell("orders/create", order())
    answers = [
        storefront.look_up("#1001", STRANGER),
        storefront.look_up("#1002", STRANGER),
        storefront.look_up("#1002", BUYER["email"]),
        storefront.look_up("#1001", "+33698765432"),
        storefront.look_up("no such thing", "+33612345678"),
    ]
    assert PROMISE in answers[0].text
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


def test_every_failure_leaves_one_row_of_work_that_nobody_can_read(
    storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    tell("orders/create", order())
    for number in ("#1001", "#1002"):
        storefront.look_up(number, STRANGER)
    assert [row.number for row in db.session.scalars(select(Lookup).order_by(Lookup.id))] == ["#1001", "#1002"]
    raw = db.session.connection().exec_driver_sql("SELECT number FROM lookups").scalars().all()
    assert not any(b"100" in bytes(sealed) for sealed in raw)


def test_a_failed_look_up_really_mails_the_link_to_the_buyer_and_only_once_an_hour(
    storefront: Storefront, tell: Tell, jobs: Jobs, mailbox: Mailbox, clock: Clock
) -> None:
    tell("orders/create", order())
    mailbox.clear()
    storefront.look_up("1001", STRANGER)
    storefront.look_up("#1001", STRANGER)
    storefront.look_up("#1002", STRANGER)
    jobs.run()
    [mail] = mailbox.messages()
    assert mail.rcpt_tos == [BUYER["email"]]
    assert mail.subject == "Your link to order #1001"
    assert storefront.get(link_in(mail.text or "")).status_code == 200
    assert link_in(mail.html or "") == link_in(mail.text or "")
    assert db.session.scalar(select(func.count()).select_from(Lookup)) == 0

    clock.forward(hours=1, seconds=1)
    storefront.look_up("1001", STRANGER)
    jobs.run()
    assert len(mailbox.messages()) == 2


def test_the_link_is_mailed_though_the_merchant_has_switched_our_confirmations_off(
    storefront: Storefront, tell: Tell, jobs: Jobs, shop: Shop, mailbox: Mailbox
) -> None:
    with transaction():
        shop.settings = {}
    asked = {"id": 4711, "updated_at": app_clock.now().isoformat()}
    tell("orders/create", order(), "orders/link_requested", asked)
    assert mailbox.messages() == []
    storefront.look_up("1001", STRANGER)
    jobs.run()
    assert [mail.subject for mail in mailbox.messages()] == ["Your link to order #1001"]


def test_an_order_without_an_address_on_file_mails_nobody(storefront: Storefront, tell: Tell, jobs: Jobs) -> None:
    tell("orders/create", order(email=None, customer=None))
    storefront.look_up("1001", STRANGER)
    jobs.run()
    link = db.session.scalars(select(Message).where(Message.template == "tracking/link")).one()
    assert (link.result, link.reason) == ("skipped", "no_address")


def test_an_order_of_another_shop_is_not_found(
    storefront: Storefront, tell: Tell, other_shop: Shop, jobs: Jobs
) -> None:
    tell("orders/create", order(), domain=other_shop.domain)
    assert PROMISE in storefront.look_up("#1001", BUYER["email"]).text
    jobs.run()
    assert db.session.scalars(select(Message.shop_id).where(Message.template == "tracking/link")).all() == []


def test_a_deleted_order_is_not_found(storefront: Storefront, tell: Tell) -> None:
    tell("orders/create", order(), "orders/delete", {"id": 4711})
    assert PROMISE in storefront.look_up("#1001", BUYER["email"]).text


@pytest.mark.parametrize(
    ("number", "contact", "says"),
    [
        ("", BUYER["email"], "Please enter your order number."),
        ("  # ", BUYER["email"], "Please enter your order number."),
        ("9" * 65, BUYER["email"], "This does not look like an order number."),
        ("10\x0001", BUYER["email"], "This does not look like an order number."),
        ("10\ue00001", BUYER["email"], "This does not look like an order number."),
        ("#1001", "", "Please enter the e-mail address or the phone number"),
        ("#1001", "\t\n", "Please enter the e-mail address or the phone number"),
        ("#1001", "nora@", "This looks neither like an e-mail address"),
        ("#1001", "@", "This looks neither like an e-mail address"),
        ("#1001", "Nora", "This looks neither like an e-mail address"),
        ("#1001", "0612", "This looks neither like an e-mail address"),
        ("#1001", "a@b.example\x00", "This looks neither like an e-mail address"),
        ("#1001", f"{'a' * 250}@example.com", "This looks neither like an e-mail address"),
        ("#1001", "١٢٣", "This looks neither like an e-mail address"),
    ],
)
def test_what_cannot_be_looked_up_is_explained_at_its_field(
    storefront: Storefront, number: str, contact: str, says: str
) -> None:
    answer = storefront.look_up(number, contact)
    assert answer.status_code == 400
    assert says in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    assert answer.text.count('role="alert"') == 1


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe=\x00", b'{"number": 1}', b"number=1&number=2&contact=%00", b"a" * 9000]
)
def test_a_body_that_is_no_form_gets_the_form_again(storefront: Storefront, body: bytes) -> None:
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", "x"):
        answer = storefront.post("/lookup", raw=body, content_type=kind)
        assert answer.status_code == 400
        assert 'name="number"' in answer.text


def test_more_than_a_form_can_hold_is_refused_on_the_form(storefront: Storefront) -> None:
    answer = storefront.post("/lookup", {"number": "1" * 3_000_000, "contact": BUYER["email"]})
    assert answer.status_code == 413
    assert "This is longer than any order number or address." in answer.text


def test_what_was_typed_stays_in_the_form_as_plain_text(storefront: Storefront) -> None:
    answer = storefront.look_up('"><b>{{ shop.secret }}', "nobody")
    assert 'value="&#34;&gt;&lt;b&gt;&#123;&#123; shop.secret &#125;&#125;"' in answer.text


def test_a_link_may_bring_the_order_number_and_nothing_else(storefront: Storefront) -> None:
    page = storefront.get("/", query={"order": "#1001", "contact": "nora@example.com"})
    assert page.status_code == 200
    assert 'value="#1001"' in page.text
    assert "nora@example.com" not in page.text


@pytest.mark.parametrize("path", ["", "/", "/lookup"])
def test_the_form_stands_at_the_shop_s_own_path_and_is_posted_there(storefront: Storefront, path: str) -> None:
    page = storefront.get(path)
    assert page.status_code == 200
    assert f'action="{PATH}/lookup?locale=en"' in page.text
    assert "How we use this" in page.text


def test_a_page_that_does_not_exist_offers_the_form(storefront: Storefront) -> None:
    page = storefront.get("/no/such/page")
    assert page.status_code == 404
    assert "This link does not open any order." in page.text
    assert 'name="contact"' in page.text


def test_pages_are_kept_by_nobody_and_tell_nobody_where_the_buyer_came_from(storefront: Storefront, tell: Tell) -> None:
    tell("orders/create", order())
    for answer in (storefront.get("/"), storefront.look_up("1001", STRANGER), storefront.get("/orders/forged")):
        assert answer.mimetype == "application/liquid"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "Set-Cookie" not in answer.headers


def test_pages_need_no_script_and_hold_no_style_of_their_own(storefront: Storefront) -> None:
    page = storefront.get("/").text
    assert "<script" not in page
    assert "<style" not in page
    assert " style=" not in page
    assert re.search(r'href="/apps/aftercare/storefront\.css\?v=[0-9a-f]{12}"', page)


def test_a_query_that_shopify_did_not_sign_opens_nothing(client: FlaskClient) -> None:
    assert client.get("/proxy/?shop=lumen-goods.myshopify.com").status_code == 401


class TestLimits:
    @pytest.fixture(autouse=True)
    def few_tries(self, configure: Configure) -> None:
        configure(lookup_limits=("4 per minute", "2 per minute", "3 per minute"))

    def test_a_visitor_has_so_many_tries(self, storefront: Storefront) -> None:
        tries = [storefront.look_up(f"#{number}", f"a{number}@example.com").status_code for number in range(6)]
        assert tries == [200, 200, 200, 200, 429, 429]

    def test_an_order_takes_so_many_tries_whoever_makes_them(self, storefront: Storefront) -> None:
        numbers = ("#1001", "1001", " #1001")
        visitors = [f"203.0.113.{count}" for count in range(3)]
        tries = [
            storefront.look_up(number, f"{visitor}@example.com", visitor=visitor).status_code
            for number, visitor in zip(numbers, visitors, strict=True)
        ]
        assert tries == [200, 200, 429]

    def test_an_e_mail_or_phone_is_tried_so_often_whatever_the_orders(self, storefront: Storefront) -> None:
        for contacts in (["nora@example.com", "NORA@example.com"] * 2, ["+33612345678", "06 12 34 56 78"] * 2):
            tries = [
                storefront.look_up(f"#{number}", contact, visitor=f"198.51.100.{number}").status_code
                for number, contact in enumerate(contacts)
            ]
            assert tries == [200, 200, 200, 429]

    def test_an_ipv6_visitor_is_counted_by_network(self, storefront: Storefront) -> None:
        tries = [
            storefront.look_up(f"#{number}", f"{number}@example.com", visitor=f"2001:db8::{number}").status_code
            for number in range(5)
        ]
        assert tries == [200, 200, 200, 200, 429]
        assert storefront.look_up("#9", "9@example.com", visitor="2001:db8:0:1::1").status_code == 200

    def test_shops_are_counted_apart(self, storefront: Storefront, other_shop: Shop, client: FlaskClient) -> None:
        for number in range(5):
            storefront.look_up(f"#{number}", f"{number}@example.com")
        assert Storefront(client, other_shop.domain).look_up("#1", "1@example.com").status_code == 200

    def test_too_many_tries_look_the_same_whatever_exists_and_leave_no_work(
        self, storefront: Storefront, tell: Tell
    ) -> None:
        tell("orders/create", order())
        for number in ("#1001", "#1002"):
            for visitor in ("203.0.113.1", "203.0.113.2"):
                storefront.look_up(number, f"{visitor}@example.com", visitor=visitor)
        with transaction():
            for row in db.session.scalars(select(Lookup)):
                db.session.delete(row)
        answers = [storefront.look_up(number, BUYER["email"], visitor="203.0.113.3") for number in ("#1001", "#1002")]
        assert {answer.status_code for answer in answers} == {429}
        assert len({answer.data for answer in answers}) == 1
        assert answers[0].headers["Retry-After"] == "600"
        assert "Please try again in an hour." in answers[0].text
        assert db.session.scalar(select(func.count()).select_from(Lookup)) == 0

    def test_tries_are_counted_here_while_redis_does_not_answer(
        self, storefront: Storefront, configure: Configure
    ) -> None:
        configure(redis_url="redis://127.0.0.1:9/0")
        tries = [storefront.look_up(f"#{number}", f"{number}@example.com").status_code for number in range(5)]
        assert tries == [200, 200, 200, 200, 429]

    def test_nothing_readable_is_counted(self, storefront: Storefront) -> None:
        storefront.look_up("#1001", "nora@example.com")
        counted = repr(vars(limits.limits()._here.storage))
        assert "nora" not in counted
        assert "1001" not in counted


def test_a_visitor_cannot_move_the_shop_s_pages_to_a_place_of_their_own(
    storefront: Storefront, client: FlaskClient, shop: Shop
) -> None:
    now = str(int(app_clock.now().timestamp()))
    added = [("path_prefix", "//evil.example/x")]
    pairs = [*added, ("shop", shop.domain), ("path_prefix", PATH), ("timestamp", now)]
    address = f"/proxy/?{urlencode([*pairs, ('signature', signing.proxy(SECRET, pairs))])}"
    assert client.get(address).status_code == 401
    for place in ("//evil.example/x", "/apps/../x", "/apps/x,/apps/y", "/apps/x?y", "/"):
        client.get(f"/proxy/?{sign(shop.domain, {}, place)}")
    assert f'action="{PATH}/lookup' in storefront.get("/").text
