"""The block with questions about a product, as a storefront renders it."""

import json
import re
from html import unescape
from typing import Any

import pytest
from liquid import Environment

from tests.setup.node import ROOT

FOLDER = ROOT / "extensions/tracking-link"
HOSTILE = '</script><script>alert(1)</script> "it\'s" & {{ shop }} <!-- \u2028 \\'


def environment() -> Environment:
    """Liquid with what Shopify adds to it, as far as the block needs it."""
    texts = json.loads((FOLDER / "locales/en.default.json").read_text())
    liquid = Environment()
    liquid.add_filter("t", lambda path: texts[path.partition(".")[0]][path.partition(".")[2]])
    liquid.add_filter("json", lambda value: json.dumps(value, ensure_ascii=False))
    return liquid


def rendered(*, own: Any = None, is_editor: bool = False, **settings: Any) -> str:
    """`own`: what the product's metafield holds."""
    product = {"metafields": {"aftercare": {"questions": {"value": own}}}}
    block = {"settings": {"for_search": True, "product": product} | settings, "shopify_attributes": 'data-block="1"'}
    source = (FOLDER / "blocks/product-faq.liquid").read_text().partition("{% schema %}")[0]
    return environment().from_string(source).render(block=block, request={"design_mode": is_editor})


def pairs(html: str) -> list[tuple[str, str]]:
    found = re.findall(r"<details>\s*<summary>(.*?)</summary>\s*<p>(.*?)</p>\s*</details>", html, re.DOTALL)
    return [(unescape(question), unescape(answer)) for question, answer in found]


def entries(html: str) -> list[tuple[str, str]]:
    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    page = json.loads(script)
    assert (page["@context"], page["@type"]) == ("https://schema.org", "FAQPage")
    assert {one["@type"] for one in page["mainEntity"]} == {"Question"}
    return [(one["name"], one["acceptedAnswer"]["text"]) for one in page["mainEntity"]]


def test_questions_open_to_their_answers_and_search_engines_read_the_same() -> None:
    html = rendered(question_1="Is it dimmable?", answer_1="Yes.", question_3="How tall?", answer_3="42 cm.")
    assert pairs(html) == entries(html) == [("Is it dimmable?", "Yes."), ("How tall?", "42 cm.")]
    assert "<h2>Questions about this product</h2>" in html
    assert 'data-block="1"' in html


def test_a_products_own_questions_come_first() -> None:
    html = rendered(own=[{"question": "Own?", "answer": "Yes."}], question_1="All?", answer_1="Too.")
    assert pairs(html) == entries(html) == [("Own?", "Yes."), ("All?", "Too.")]


@pytest.mark.parametrize(
    "own", [None, [], {}, "text", 7, [{}], [{"question": "Without an answer?"}], [["a"]], {"a": 1}]
)
def test_a_metafield_that_holds_something_else_adds_nothing(own: Any) -> None:
    html = rendered(own=own, question_1="All?", answer_1="Yes.")
    assert pairs(html) == entries(html) == [("All?", "Yes.")]


def test_a_question_without_an_answer_is_not_shown() -> None:
    html = rendered(question_1="Is it dimmable?", answer_2="Nobody asked.", question_3="  ", answer_3="x")
    assert html.strip() == ""


def test_what_was_typed_is_text_wherever_it_ends_up() -> None:
    html = rendered(own=[{"question": HOSTILE, "answer": HOSTILE}], heading=HOSTILE)
    assert pairs(html) == [(HOSTILE, HOSTILE)]
    [(question, answer)] = entries(html)
    assert (question, unescape(answer)) == (HOSTILE, HOSTILE)
    assert html.count("<script") == html.count("</script>") == 1
    assert "<!--" not in html


def test_a_sign_that_the_block_splits_at_does_not_mix_up_answers() -> None:
    html = rendered(question_1="A␞B?", answer_1="␞One.", question_2="Two?", answer_2="Two.")
    assert pairs(html) == [("AB?", "One."), ("Two?", "Two.")]


def test_lines_stay_lines() -> None:
    html = rendered(question_1="How?", answer_1="First.\nThen.")
    assert pairs(html) == [("How?", "First.\nThen.")]
    assert [re.sub(r"<br ?/>\n?", "|", answer) for _, answer in entries(html)] == ["First.|Then."]


def test_a_merchant_sees_in_the_editor_that_the_block_is_empty_and_visitors_see_nothing() -> None:
    assert "Add the first question" in rendered(is_editor=True)
    assert rendered().strip() == ""


def test_a_second_block_need_not_tell_search_engines_again() -> None:
    assert "ld+json" not in rendered(question_1="How?", answer_1="So.", for_search=False)


def test_the_block_brings_no_script_and_little_style() -> None:
    assert list(FOLDER.glob("assets/*.js")) == []
    assert (FOLDER / "assets/product-faq.css").stat().st_size < 1024
