"""Robots that read mail: scanners that open every link, and programs that answer everything."""

import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from sqlalchemy import text

from devstore.smtp import Mailbox
from devstore.smtp import Message as Mail
from shopify_app import bounces
from shopify_app.db import db, rest
from shopify_app.mail.models import Message
from shopify_app.mail.returning import HEADER
from shopify_app.shopify.models import Shop
from tests.conftest import Jobs
from tests.mail.conftest import Orders
from tests.mail.journeys import Sent, World, all_ways
from tests.mail.matrix import links, written_out

one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SCANNER = {"User-Agent": "Mozilla/5.0 (compatible; LinkScanner/2.0)"}
HOPS = 8
Rows = dict[str, list[tuple[Any, ...]]]


def rows() -> Rows:
    """All that we keep."""
    rest()
    found = {
        table.name: sorted(map(tuple, db.session.execute(text(f"SELECT * FROM {table.name}"))), key=repr)
        for table in db.metadata.sorted_tables
    }
    rest()
    return found


def opened(method: str, address: str) -> int:
    """As a scanner does it: without cookies, through every redirect that stays here; how it ended."""
    for _ in range(HOPS):
        answer = requests.request(method, address, headers=SCANNER, timeout=20, allow_redirects=False)
        if not answer.is_redirect:
            return answer.status_code
        address = urljoin(address, answer.headers["Location"])
        if not is_here(address):
            return 200
    raise AssertionError(f"{address} leads in a circle")


def is_here(address: str) -> bool:
    return urlsplit(address).hostname == "127.0.0.1"


def addresses(sent: list[Sent]) -> Iterator[str]:
    """All that a scanner finds in a mail, its headers too."""
    for one in sent:
        yield from links(one.mail.html or "") | written_out(one.mail.text or "")
        yield from re.findall(r'src="(https?://[^"]+)"', one.mail.html or "")
        yield from re.findall(r"<(https?://[^>]+)>", one.mail.header("List-Unsubscribe") or "")


def works(address: str) -> int:
    """A packing slip first asks its reader for the code, as it should."""
    return 403 if address.endswith("/slip") else 200


@one_database
def test_a_scanner_that_opens_every_link_of_every_mail_changes_and_burns_nothing(world: World) -> None:
    world.languages = ["de"]
    sent = all_ways(world)
    found = sorted({address.partition("#")[0] for address in addresses(sent) if is_here(address)})
    assert len(found) > 50
    before, ways = rows(), {address: opened("GET", address) for address in found}
    for method in ("HEAD", "GET", "HEAD"):
        assert {address: code for address in found if (code := opened(method, address)) != ways[address]} == {}
    assert {address: code for address, code in ways.items() if code != works(address)} == {}
    world.jobs.run()
    after = rows()
    assert [name for name in after if after[name] != before[name]] == []
    for address in found:
        if "/unsubscribe/" in address and address.startswith(world.shopify.app_url):
            assert requests.post(address, {"List-Unsubscribe": "One-Click"}, timeout=20).status_code == 200
    assert len(rows()["refusals"]) > len(before["refusals"])


ANSWERS = {
    "holiday": ({"Auto-Submitted": "auto-replied", "Precedence": "bulk"}, "I am away until Monday."),
    "silent holiday": ({}, "I am away until Monday."),
    "tickets": ({"X-Autoreply": "yes"}, "We have got your message. Ticket 4711 was opened."),
    "challenge": ({"Auto-Submitted": "auto-generated"}, "Please confirm that you are a person."),
    "person": ({}, "Thank you! Where is it?"),
}
"""Of robots, also of those that do not say they are some, and of a person."""
MANY = 200


def answer(mail: Mail, kind: str, number: int) -> bytes:
    """To our mail, in its thread, with our own headers quoted, as some programs do."""
    headers, words = ANSWERS[kind]
    email = EmailMessage()
    about = {"From": mail.to, "To": mail.sender, "Subject": f"Re: {mail.subject}", "In-Reply-To": id_of(mail)}
    for name, value in (
        about | {"References": id_of(mail), "Message-ID": f"<{number}@robot.example>"} | headers
    ).items():
        email[name] = value
    email.set_content(f"{words}\n\n{mail.raw.decode()}")
    return email.as_bytes(policy=SMTP)


def delayed(mail: Mail, kind: str) -> bytes:
    """A report of a mail server, or of a mail program, that says nothing about the address."""
    report = {"delay": ("delivery-status", "Action: delayed\nStatus: 4.4.1"), "read": ("disposition-notification", "")}
    name, fields = report[kind]
    lines = [
        f'Content-Type: multipart/report; report-type={name}; boundary="b"\n\n--b\nContent-Type: text/plain\n\nHello.',
        f"Content-Type: message/{name}\n\nReporting-UA: robot.example\n\n{fields}",
        f"Content-Type: text/rfc822-headers\n\nMessage-ID: {id_of(mail)}\n{HEADER}: {mail.header(HEADER)}\n--b--\n",
    ]
    return "\n--b\n".join(lines).encode()


def id_of(mail: Mail) -> str:
    return mail.header("Message-ID") or ""


def test_a_flood_of_automatic_answers_makes_us_send_nothing(
    shop: Shop, orders: Orders, mailbox: Mailbox, jobs: Jobs
) -> None:
    """Nothing here answers mail, so no two robots can answer each other for ever. All that comes in by mail, or by a
    provider's word about it, goes through one function; whatever it is told, it writes no message.
    """
    orders()
    [mail] = mailbox.messages()
    before, flood = rows(), [answer(mail, kind, number) for kind in ANSWERS for number in range(MANY)]
    flood += [delayed(mail, kind) for kind in ("delay", "read")] * MANY
    assert sum(bounces.came_back(one) for one in flood) == 0
    jobs.run()
    assert (len(mailbox.messages()), rows()) == (1, before)


def test_what_providers_tell_a_thousand_times_is_answered_by_no_mail(
    shop: Shop, orders: Orders, mailbox: Mailbox, jobs: Jobs, client: FlaskClient, configure: Callable[..., None]
) -> None:
    configure(postmark_secret="pm-secret")
    orders()
    [mail] = mailbox.messages()
    reader, login = mail.header("X-PM-Metadata-reader"), ("aftercare", "pm-secret")
    for word in ("AutoResponder", "Transient", "OpenRelayTest", "ChallengeVerification", "HardBounce") * 40:
        told = {"RecordType": "Bounce", "Type": word, "Metadata": {"reader": reader}}
        assert client.post("/bounces/postmark", json=told, auth=login).status_code == 200
    jobs.run()
    assert len(mailbox.messages()) == db.session.query(Message).count() == 1


def test_every_mail_says_that_no_person_wrote_it(shop: Shop, orders: Orders, mailbox: Mailbox) -> None:
    """Who is on holiday then does not answer (RFC 3834, 2)."""
    orders()
    [mail] = mailbox.messages()
    assert (mail.header("Auto-Submitted"), mail.header("X-Auto-Response-Suppress")) == (
        "auto-generated",
        "OOF, AutoReply",
    )
