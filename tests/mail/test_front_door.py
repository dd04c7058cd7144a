"""The mails as they arrive: message × language × way of address × trigger, through webhooks, jobs and pages."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from devstore.smtp import Message as Mail
from shopify_app.language import LANGUAGES, TWO_WAYS
from shopify_app.mail import wording
from tests.mail.journeys import BUYER, CLOCK, STAFF, WEBHOOK, Sent, World, all_ways
from tests.mail.matrix import LEFT, even, links, shown, written_out
from tests.test_translations import FORMAL
from tests.validators.test_mails import ask, needed

FAMILIAR = {
    "de": re.compile(r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]eine?[mnrs]?)\b"),
    "fr": re.compile(r"\b([Tt]u|[Tt]oi|[Tt]on|[Tt]es)\b"),
}
"""What informal address looks like."""
ALONE = ("Auto-Submitted", "Message-ID", "From", "To", "Subject", "Date", "Reply-To")
"""Headers that stand in every mail, each once."""
MARKETING = ("carts/", "feedback/", "referrals/")
OFFERS = ("confirmations/tempting", "confirmations/similar")
"""News of an order that hold an offer: a way out stands in them, not in the headers, for no button ends such news."""

one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
Check = Callable[[Sent, Mapping[tuple[str, str], Sent]], Iterator[str]]
"""What is wrong with a mail; beside it the English ones by their names and triggers."""


def whole(sent: Sent, english: Mapping[tuple[str, str], Sent]) -> Iterator[str]:
    text, html = sent.mail.text or "", sent.mail.html or ""
    if left := LEFT.search(f"{sent.mail.subject} {text} {shown(html)}"):
        yield f"left over: {left[0]}"
    for fact in sent.facts:
        if even(fact) not in even(text) or even(fact) not in shown(html):
            yield f"a fact is missing: {fact}"
    if len(html.encode()) > 100 * 1024:
        yield "too large"


def in_its_language(sent: Sent, english: Mapping[tuple[str, str], Sent]) -> Iterator[str]:
    if f'<html lang="{sent.language}"' not in (sent.mail.html or ""):
        yield "no lang"
    if sent.language != "en":
        theirs = {*sentences(english[sent.name, sent.trigger])} & {*sentences(sent)}
        yield from (f"in English: {one}" for one in theirs)
    if (wrong := (FORMAL if sent.is_informal else FAMILIAR).get(sent.language)) and (
        said := wrong.search(spoken(sent))
    ):
        yield f"the other way of address: {said[0]}"


def sentences(sent: Sent) -> Iterator[str]:
    """Lines that only a language can say: no addresses, names and numbers, and nothing that somebody wrote."""
    for line in [sent.mail.subject, *(sent.mail.text or "").splitlines()]:
        is_told = any(fact in line for fact in sent.facts if fact)
        if not is_told and "://" not in line and len(re.findall(r"\b[a-z]{2,}\b", line)) >= 3:
            yield line


def spoken(sent: Sent) -> str:
    """Without what somebody wrote to somebody."""
    text = f"{sent.mail.subject} {sent.mail.text}"
    for fact in sent.facts:
        text = text.replace(fact, "")
    return text


def linked_alike(sent: Sent, english: Mapping[tuple[str, str], Sent]) -> Iterator[str]:
    text, html = sent.mail.text or "", sent.mail.html or ""
    if links(html) != written_out(text):
        yield f"only in one form: {links(html) ^ written_out(text)}"
    if not links(html) and sent.name != "tracking/code":
        yield "leads nowhere"
    for target in re.findall(r'href="([^"]*)"', html):
        if not target.startswith(("http://", "https://", "mailto:")):
            yield f"not absolute: {target}"


def addressed(sent: Sent, english: Mapping[tuple[str, str], Sent]) -> Iterator[str]:
    headers = {name.lower(): values for name, values in sent.mail.headers.items()}
    yield from (f"{name}: {headers.get(name.lower())}" for name in ALONE if len(headers.get(name.lower(), ())) != 1)
    if headers["auto-submitted"] != ["auto-generated"]:
        yield "looks as if a person wrote it"
    is_marketing = sent.name.startswith(MARKETING)
    if headers.get("list-unsubscribe-post") != (["List-Unsubscribe=One-Click"] if is_marketing else None):
        yield f"one click: {headers.get('list-unsubscribe-post')}"
    if bool(headers.get("list-unsubscribe")) != is_marketing:
        yield f"a way out in the headers: {headers.get('list-unsubscribe')}"
    if ("/unsubscribe/" in (sent.mail.text or "")) != (is_marketing or sent.name in OFFERS):
        yield "a way out in the text"


CHECKS: Sequence[Check] = (whole, in_its_language, linked_alike, addressed)


def faults(sent: Sequence[Sent], english: Sequence[Sent]) -> dict[str, list[str]]:
    beside = {(one.name, one.trigger): one for one in english if one.language == "en"}
    found = {str(one): [fault for check in CHECKS for fault in check(one, beside)] for one in sent}
    return {cell: wrong for cell, wrong in found.items() if wrong}


@one_database
def test_every_message_arrives_whole_in_every_language_and_way_of_address(world: World) -> None:
    formal = [*all_ways(world)]
    world.languages, world.is_informal = TWO_WAYS, True
    world.set_(informal=list(TWO_WAYS))
    informal = all_ways(world)[len(formal) :]
    assert faults(formal, formal) == {}
    assert faults(informal, formal) == {}
    assert {one.language for one in formal} == set(LANGUAGES)
    assert {one.name for one in formal} == {one.name for one in informal} == set(wording.known())
    assert needed(ask({str(one): one.mail.html or "" for one in formal})) == set()
    ids = [one.mail.header("Message-ID") for one in formal + informal]
    assert len(ids) == len(set(ids))
    assert {(one.name, one.trigger) for one in formal} == {(one.name, one.trigger) for one in informal}
    assert {one.trigger for one in formal} == {WEBHOOK, CLOCK, STAFF, BUYER}


def planted(**changed: object) -> Sent:
    """A German mail without a fault, but for what is changed."""
    said, link = "Wir haben Ihre Lampe verschickt.", "https://lumen.example/orders/x"
    headers = {name: ["x"] for name in ALONE} | {"Auto-Submitted": ["auto-generated"], "Subject": ["Ihre Lampe"]}
    mail = Mail(
        id=1,
        received_at=datetime(2026, 11, 1, tzinfo=UTC),
        mail_from="shop@example.com",
        rcpt_tos=["a@example.com"],
        raw=b"",
        headers=headers,
        text=f"{said}\n{link}",
        html=f'<html lang="de"><p>{said}</p><a href="{link}">Zeigen</a></html>',
        attachments=[],
    )
    return Sent("tracking/shipped", "de", False, WEBHOOK, ["Lampe"], replace(mail, **changed))  # type: ignore[arg-type]


def test_the_checks_find_what_is_planted() -> None:
    sound = planted().mail
    english = planted(text="We have sent your lamp to you.")._replace(language="en")
    twice = sound.headers | {"Date": ["x", "y"]}
    plants: Mapping[str, Mapping[str, object]] = {
        "left over: {{": {"text": f"{sound.text} {{{{ order }}}}"},
        "a fact is missing: Lampe": {"text": "Wir haben sie verschickt.\nhttps://lumen.example/orders/x"},
        "no lang": {"html": (sound.html or "").replace('lang="de"', "")},
        "in English: We have sent your lamp to you.": {"text": f"{sound.text} Lampe\nWe have sent your lamp to you."},
        "the other way of address: Dein": {"text": f"{sound.text} Dein Shop"},
        "only in one form: {'https://lumen.example/orders/x'}": {"text": "Ihre Lampe"},
        "a way out in the text": {"text": f"{sound.text} /unsubscribe/x"},
        "Date: ['x', 'y']": {"headers": twice},
        "looks as if a person wrote it": {"headers": sound.headers | {"Auto-Submitted": ["no"]}},
    }
    assert faults([planted()], [english]) == {}
    for fault, changed in plants.items():
        assert faults([planted(**changed)], [english]) == {"tracking/shipped-de-webhook": [fault]}, fault
    informal = planted()._replace(is_informal=True)
    assert faults([informal], [english])[str(informal)] == ["the other way of address: Ihre"]
