"""Every message in every language and way of address: its language, its facts, its links, and nothing left unfilled."""

import re
import string
from collections.abc import Mapping, Sequence

import pytest

from shopify_app.language import INFORMAL, TWO_WAYS, Language, speak
from shopify_app.mail import wording
from shopify_app.mail.wording import Parts
from shopify_app.shopify.models import Shop
from tests.mail.matrix import COMMUNITY, LEFT, Cell, cells, dress, even, links, made, shown, written_out
from tests.test_translations import FORMAL

CELLS = list(cells())
ITEMS = ["Desk lamp", "Cord set"]
HOME = ["Alex Sample", "1 Example Street", "10115 Berlin"]
ORDERED = [*ITEMS, "$118.00", "t:Expected delivery", "t:Tracking number", "t:Order date", *HOME]
FACTS: Mapping[str, Sequence[str]] = {
    "confirmations/tempting": [*ORDERED, "THANKS-7KQ2M-X4ZTA", "10"],
    "confirmations/": ORDERED,
    "tracking/link": ["n:60"],
    "tracking/code": ["123456", "t:We never ask for it by phone or mail. Please do not pass it on."],
    "tracking/": [*ITEMS, "DHL", "00340434161094042557"],
    "returns/label": ["00340434161094042557", "t:Valid until", "t:Packing slip"],
    "returns/expiring": ["t:Valid until", "t:Packing slip"],
    "returns/declined": [],
    "returns/received": [],
    "returns/exchanged": [],
    "returns/question": ["t:Is the lamp broken, or only its box?"],
    "returns/inspected": ["1 × Desk lamp", "t:It was used."],
    "returns/receipt": ["1 × Desk lamp", "t:You declared:", "9f2c61d0a4b8e753"],
    "returns/": ["$89.00"],
    "changes/address_asked": [*HOME, "t:This was not you? Please answer this message at once."],
    "changes/cancel_asked": ["t:This was not you? Please answer this message at once."],
    "changes/address_done": HOME,
    "changes/": [],
    "carts/later": [*ITEMS, "$89.00", "$29.00", "THANKS10"],
    "carts/first": [*ITEMS, "$89.00", "$29.00"],
    "referrals/": ["GIFT-7KQ2M-X4ZTA", "10"],
    "feedback/": [*ITEMS, "t:Something is wrong", "t:Write a review"],
}
"""How a message's name begins (the first that fits) → what stands in it whatever its words are. "$…" is money as the
language writes it, "t:…" a text in it.
"""


@pytest.fixture(params=CELLS, ids=str)
def cell(request: pytest.FixtureRequest) -> Cell:
    return request.param  # type: ignore[no-any-return]


one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@one_database
def test_every_cell_is_in_its_language_whole_and_the_same_in_both_forms(shop: Shop, cell: Cell) -> None:
    dress(shop)
    mail, language = made(shop, cell), speak(cell.voice)
    text, html = even(mail.text), shown(mail.html)
    assert f'<html lang="{language.code}"' in mail.html
    assert not LEFT.search(mail.subject + mail.text + html)
    assert 10 <= len(mail.subject) <= 90
    assert "#1001" in mail.subject or cell.template.startswith(("carts/", "referrals/"))
    said = wording.of(shop, cell.template, cell.voice, dict(wording.known()[cell.template].examples))
    for part in (said.button, said.footer):
        assert even(part) in text
        assert even(part) in html
    assert said.ahead
    assert "Mira of Lumen Goods" in text
    assert "1 Harbour Street, Berlin" in html
    if language.code in FORMAL and cell.voice.endswith(INFORMAL):
        assert not FORMAL[language.code].search(said.subject + said.body + said.button + said.footer)
    for fact in facts(cell, language, shop.currency):
        assert even(fact) in text, fact
        assert even(fact) in html, fact


def facts(cell: Cell, language: Language, currency: str) -> Sequence[str]:
    known = next(found for begins, found in FACTS.items() if cell.template.startswith(begins))
    return [_said(one, language, currency) for one in known]


def _said(fact: str, language: Language, currency: str) -> str:
    if fact.startswith("$"):
        return language.money(int(fact[1:].replace(".", "")), currency)
    return language.t(fact[2:]) if fact.startswith("t:") else fact.removeprefix("n:")


@one_database
def test_every_link_leads_somewhere_and_is_in_both_forms(shop: Shop, cell: Cell) -> None:
    dress(shop)
    mail = made(shop, cell)
    assert links(mail.html) == written_out(mail.text)
    assert links(mail.html) or not wording.known()[cell.template].ours(speak("en")).button
    assert all(" " not in link and link.isascii() for link in links(mail.html))


@one_database
@pytest.mark.parametrize("name", sorted(wording.known()))
def test_no_language_is_left_in_english(shop: Shop, name: str) -> None:
    english = wording.known()[name].ours(speak("en"))
    for code in ("fr", "de", "es"):
        theirs = wording.known()[name].ours(speak(code))
        for part in wording.known()[name].parts:
            is_same_everywhere = "{{ news }}" in getattr(english, part)
            assert is_same_everywhere or getattr(theirs, part) != getattr(english, part), (code, part)


@one_database
@pytest.mark.parametrize("code", TWO_WAYS)
def test_the_two_ways_of_address_differ_where_the_reader_is_spoken_to(shop: Shop, code: str) -> None:
    for template in wording.known().values():
        formal, informal = template.ours(speak(code)), template.ours(speak(code + INFORMAL))
        is_spoken_to = any(FORMAL[code].search(getattr(formal, part)) for part in template.parts)
        assert (formal != informal) is is_spoken_to, template.name


@one_database
def test_our_own_words_pass_the_checks_that_merchants_words_must_pass(shop: Shop) -> None:
    for cell in CELLS:
        template = wording.known()[cell.template]
        assert wording.check(template, template.ours(speak(cell.voice))) == {}, cell


@one_database
def test_every_variable_is_filled_in_by_its_message(shop: Shop) -> None:
    """What is declared is there: each name is written out alone, with a word for where it is missing."""
    dress(shop)
    for template in wording.known().values():
        for one in template.variables:
            draft = Parts(body=f"«{{{{ {one.name} | default: 'nothing' }}}}»")
            mail = template.show(shop, None, "en", draft)
            assert mail is not None
            found = re.search(r"«(.*?)»", mail.text)
            assert found
            assert found[1] != "nothing" or one.may_be_missing, (template.name, one.name)
            assert one.example
            assert not set(one.name) - set(string.ascii_lowercase + "_")


@one_database
def test_whatever_a_merchant_writes_the_facts_stay(shop: Shop) -> None:
    """Their subject, heading, text, button and footer hold nothing but one word."""
    dress(shop)
    draft = Parts(*["Word"] * 5)
    for name, template in wording.known().items():
        mail, language = template.show(shop, None, "en", draft), speak("en")
        assert mail is not None
        for fact in facts(Cell(name, "en"), language, shop.currency):
            assert even(fact) in even(mail.text), (name, fact)
            assert even(fact) in shown(mail.html), (name, fact)
        assert links(mail.html) == written_out(mail.text), name
        ours = template.show(shop, None, "en", None)
        assert ours is not None
        assert links(ours.html) - {COMMUNITY} == links(mail.html), name
