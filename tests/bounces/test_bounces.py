"""Mail that comes back, and complaints: whoever tells, the reader is left alone from then on."""

import hmac
import json
from collections.abc import Callable
from email import message_from_bytes, policy
from typing import Any

import pytest
from flask.testing import FlaskClient

from devstore.smtp import Mailbox
from shopify_app import bounces, clock
from shopify_app.db import db, rest
from shopify_app.mail import refusals
from shopify_app.mail.models import Refusal
from shopify_app.mail.returning import HEADER
from shopify_app.shopify.models import Shop
from tests.buyers import Tell
from tests.factories import new_order

MIRA = "mira.sommer@example.com"
SECRET = "pm-secret"
Configure = Callable[..., None]

REPORT = """From: MAILER-DAEMON@mx.example
To: orders@lumen-goods.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type={report}; boundary="b"

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/{kind}

{fields}
--b
Content-Type: {original}

{headers}
--b--
"""
STATUS = """Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; mira.sommer@example.com
Action: {action}
Status: {status}
"""
ABUSE = """Feedback-Type: {type}
User-Agent: SomeProvider/1.0
Version: 1
"""


@pytest.fixture
def sent(shop: Shop, tell: Tell, mailbox: Mailbox, configure: Configure) -> dict[str, str]:
    """The headers of a mail that went to Mira, with both providers set up."""
    configure(postmark_secret=SECRET, mailgun_key="mg-key")
    tell("orders/create", new_order(clock.now()))
    raw = message_from_bytes(mailbox.messages()[0].raw, policy=policy.default)
    return {name: str(value) for name, value in raw.items()}


def stands() -> set[str]:
    rest()
    return {row.reason for row in db.session.query(Refusal)}


def dsn(headers: dict[str, str], status: str = "5.1.1", action: str = "failed", **more: str) -> bytes:
    told = "\n".join(f"{name}: {headers[name]}" for name in ("Message-ID", HEADER))
    about = {"report": "delivery-status", "kind": "delivery-status", "original": "text/rfc822-headers"} | more
    fields = more.get("fields") or STATUS.format(action=action, status=status)
    return REPORT.format(**(about | {"fields": fields, "headers": told})).encode()


def test_a_server_s_report_of_an_address_that_is_gone_ends_news_and_offers(shop: Shop, sent: dict[str, str]) -> None:
    assert bounces.came_back(dsn(sent)) == 1
    assert bounces.came_back(dsn(sent)) == 1
    for topic in refusals.TOPICS:
        assert refusals.why(shop, MIRA, topic) == refusals.BOUNCED
    assert not refusals.stands(shop, "anna@example.com", "parcels")


def test_a_report_with_the_whole_mail_in_it_is_understood_too(shop: Shop, sent: dict[str, str]) -> None:
    assert bounces.came_back(dsn(sent, original="message/rfc822")) == 1


@pytest.mark.parametrize(
    ("status", "action"),
    [("4.2.2", "failed"), ("5.2.2", "failed"), ("5.7.1", "failed"), ("5.1.1", "delayed"), ("2.0.0", "delivered")],
)
def test_what_may_pass_silences_nobody(shop: Shop, sent: dict[str, str], status: str, action: str) -> None:
    assert bounces.came_back(dsn(sent, status, action)) == 0
    assert stands() == set()


@pytest.mark.parametrize(("kind", "count"), [("abuse", 1), ("not-spam", 0), ("auth-failure", 0)])
def test_a_complaint_counts_and_other_feedback_does_not(
    shop: Shop, sent: dict[str, str], kind: str, count: int
) -> None:
    about = {"report": "feedback-report", "kind": "feedback-report", "fields": ABUSE.format(type=kind)}
    assert bounces.came_back(dsn(sent, **about)) == count
    assert stands() == ({refusals.COMPLAINED} if count else set())


@pytest.mark.parametrize("message", [b"", b"Hello", b"\xff\xfe", b"Content-Type: multipart/report\n\n--b"])
def test_what_is_no_report_is_passed_over(shop: Shop, message: bytes) -> None:
    assert bounces.came_back(message) == 0


def test_nobody_is_silenced_by_a_token_that_is_not_ours(shop: Shop, sent: dict[str, str]) -> None:
    forged = sent | {HEADER: sent[HEADER][:-4] + "AAAA"}
    assert bounces.came_back(dsn(forged)) == 0
    assert stands() == set()


# Providers


def postmark(headers: dict[str, str], kind: str = "Bounce", word: str = "HardBounce") -> dict[str, Any]:
    return {"RecordType": kind, "Type": word, "Metadata": {"reader": headers["X-PM-Metadata-reader"]}}


def mailgun(headers: dict[str, str], **event: str) -> dict[str, Any]:
    proof = hmac.new(b"mg-key", b"1795000000" + b"token", "sha256").hexdigest()
    about = {"event": "failed", "severity": "permanent", "reason": "bounce"} | event
    variables = json.loads(headers["X-Mailgun-Variables"])
    return {
        "signature": {"timestamp": "1795000000", "token": "token", "signature": proof},
        "event-data": about | {"user-variables": variables},
    }


@pytest.mark.parametrize(
    ("kind", "word", "reason"),
    [
        ("Bounce", "HardBounce", {"bounced"}),
        ("Bounce", "BadEmailAddress", {"bounced"}),
        ("Bounce", "SoftBounce", set()),
        ("SpamComplaint", "SpamComplaint", {"complained"}),
        ("Delivery", "", set()),
    ],
)
def test_postmark_tells(
    client: FlaskClient, shop: Shop, sent: dict[str, str], kind: str, word: str, reason: set[str]
) -> None:
    body = postmark(sent, kind, word)
    assert client.post("/bounces/postmark", json=body, auth=("aftercare", SECRET)).status_code == 200
    assert stands() == reason


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({}, {"bounced"}),
        ({"reason": "suppress-bounce"}, {"bounced"}),
        ({"reason": "suppress-complaint"}, {"complained"}),
        ({"reason": "generic"}, set()),
        ({"severity": "temporary"}, set()),
        ({"event": "complained"}, {"complained"}),
        ({"event": "delivered"}, set()),
    ],
)
def test_mailgun_tells(
    client: FlaskClient, shop: Shop, sent: dict[str, str], event: dict[str, str], reason: set[str]
) -> None:
    assert client.post("/bounces/mailgun", json=mailgun(sent, **event)).status_code == 200
    assert stands() == reason


def test_who_cannot_prove_to_be_the_provider_changes_nothing(
    client: FlaskClient, shop: Shop, sent: dict[str, str]
) -> None:
    assert client.post("/bounces/postmark", json=postmark(sent)).status_code == 401
    assert client.post("/bounces/postmark", json=postmark(sent), auth=("aftercare", "guess")).status_code == 401
    forged = mailgun(sent)
    forged["signature"]["token"] = "another"
    assert client.post("/bounces/mailgun", json=forged).status_code == 401
    assert client.post("/bounces/mailgun", data=b"nonsense").status_code == 400
    assert client.post("/bounces/mailgun", json=[]).status_code == 400
    assert client.post("/bounces/elsewhere", json={}).status_code == 404
    assert client.get("/bounces/postmark").status_code == 405
    assert stands() == set()


def test_a_provider_that_is_not_set_up_is_not_heard(client: FlaskClient, shop: Shop, configure: Configure) -> None:
    configure(postmark_secret=None, mailgun_key=None)
    assert client.post("/bounces/postmark", json={}, auth=("aftercare", "")).status_code == 404
    assert client.post("/bounces/mailgun", json={}).status_code == 404
