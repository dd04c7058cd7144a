"""Every message in every language and way of address: its language, its facts, its links, and nothing left unfilled."""

import re
import string

import pytest

from shopify_app.language import INFORMAL, TWO_WAYS, speak
from shopify_app.mail import wording
from shopify_app.mail.wording import Parts
from shopify_app.shopify.models import Shop
from tests.mail.matrix import Cell, cells, dress, even, made, shown
from tests.test_translations import FORMAL

CELLS = list(cells())
LEFT = re.compile(r"\{\{|\}\}|\{%|%\}|\{\w+\}|\bNone\b|\bundefined\b|Jinja|\ue000|<p></p>")
ADDRESS = re.compile(r"https?://[^\s<>\"]+")


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
    assert "#1001" in mail.subject or cell.template.startswith("referrals/")
    said = wording.of(shop, cell.template, cell.voice, dict(wording.known()[cell.template].examples))
    for part in (said.button, said.footer):
        assert even(part) in text
        assert even(part) in html
    assert said.ahead
    assert "Mira of Lumen Goods" in text
    assert "1 Harbour Street, Berlin" in html
    if language.code in FORMAL and cell.voice.endswith(INFORMAL):
        assert not FORMAL[language.code].search(said.subject + said.body + said.button + said.footer)


@one_database
def test_every_cell_has_its_facts(shop: Shop, cell: Cell) -> None:
    dress(shop)
    mail, language = made(shop, cell), speak(cell.voice)
    facts = ["Desk lamp", "Cord set"]
    if cell.template.startswith("referrals/"):
        facts = ["GIFT-7KQ2M-X4ZTA", "10"]
    elif cell.template.startswith("confirmations/"):
        facts += [language.money(11800, shop.currency), language.t("Expected delivery"), language.t("Tracking number")]
        facts += ["Alex Sample", "10115 Berlin", language.t("Order date")]
    else:
        facts += ["DHL", "00340434161094042557"]
    for fact in map(even, facts):
        assert fact in even(mail.text), fact
        assert fact in shown(mail.html), fact


@one_database
def test_every_link_leads_somewhere_and_is_in_both_forms(shop: Shop, cell: Cell) -> None:
    dress(shop)
    mail = made(shop, cell)
    links = set(re.findall(r'href="(https?://[^"]+)"', mail.html))
    told = {address.rstrip(".,)") for address in ADDRESS.findall(mail.text)}
    assert links
    assert links == told
    assert all(" " not in link and link.isascii() for link in links)


@one_database
@pytest.mark.parametrize("name", sorted(wording.known()))
def test_no_language_is_left_in_english(shop: Shop, name: str) -> None:
    english = wording.known()[name].ours(speak("en"))
    for code in ("fr", "de", "es"):
        theirs = wording.known()[name].ours(speak(code))
        for part in ("subject", "body", "button", "footer"):
            assert getattr(theirs, part) != getattr(english, part), (code, part)


@one_database
@pytest.mark.parametrize("code", TWO_WAYS)
def test_the_two_ways_of_address_differ_where_the_reader_is_spoken_to(shop: Shop, code: str) -> None:
    for template in wording.known().values():
        assert template.ours(speak(code)) != template.ours(speak(code + INFORMAL)), template.name


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
