"""The mail server keeps what it takes and fails in the ways real ones do."""

import smtplib
from email.message import EmailMessage

import pytest
import requests

from devstore.server import Running


def letter(subject: str = "Deine Bestellung läuft", key: str | None = None) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Lumen <orders@example.com>", "mira@example.com", subject
    mail["List-Unsubscribe"] = "<https://example.com/u>"
    if key:
        mail["Resend-Idempotency-Key"] = key
    mail.set_content("Grüße")
    mail.add_alternative("<p>Grüße</p>", subtype="html")
    mail.add_attachment(b"pdf", maintype="application", subtype="pdf", filename="rücksendung.pdf")
    return mail


def send(store: Running, mail: EmailMessage) -> None:
    with smtplib.SMTP(*store.smtp, timeout=5) as line:
        line.send_message(mail)


def test_a_message_is_kept_with_its_text_its_html_and_decoded_headers(store: Running) -> None:
    send(store, letter())
    kept = store.mailbox.wait(1, to="MIRA@example.com")[0]
    assert (kept.subject, kept.sender) == ("Deine Bestellung läuft", "Lumen <orders@example.com>")
    assert (kept.text or "").strip() == "Grüße" and "<p>Grüße</p>" in (kept.html or "")
    assert kept.attachments == [{"filename": "rücksendung.pdf", "content_type": "application/pdf", "size": 3}]
    listed = requests.get(f"{store.url}/mail/api/messages?to=mira@example.com", timeout=5).json()["messages"]
    assert listed[0]["headers"]["List-Unsubscribe"] == ["<https://example.com/u>"]
    assert requests.get(f"{store.url}/mail/api/messages/{listed[0]['id']}", timeout=5).json() == listed[0]
    assert store.mailbox.messages("someone@example.com") == []


@pytest.mark.parametrize(("fault", "kept"), [("drop_after_data", 0), ("drop_after_accept", 1)])
def test_a_connection_may_end_before_or_after_the_message_was_taken(store: Running, fault: str, kept: int) -> None:
    store.faults.order({"smtp": {fault: 1}})
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(store, letter())
    assert len(store.mailbox.messages()) == kept
    send(store, letter())
    assert len(store.mailbox.wait(kept + 1)) == kept + 1


def test_a_temporary_and_a_permanent_refusal_have_their_own_codes(store: Running) -> None:
    store.faults.order({"smtp": {"temporary": 1}})
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        send(store, letter())
    assert refusal.value.smtp_code == 451
    store.faults.order({"smtp": {"permanent": 1}})
    with pytest.raises(smtplib.SMTPRecipientsRefused) as unknown:
        send(store, letter())
    assert unknown.value.recipients["mira@example.com"][0] == 550


def test_a_keyed_provider_keeps_the_same_message_once(store: Running) -> None:
    store.faults.order({"smtp": {"idempotent": True}})
    for key in ("a", "a", "b", None, None):
        send(store, letter(key=key))
    assert len(store.mailbox.messages()) == 4


def test_without_keys_every_copy_arrives(store: Running) -> None:
    send(store, letter(key="a"))
    send(store, letter(key="a"))
    assert len(store.mailbox.messages()) == 2
