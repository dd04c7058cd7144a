"""What a merchant may write in Liquid, and what it cannot do."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopify_app.mail import marks, sandbox
from shopify_app.mail.sandbox import LONGEST, Missing, check, fill

EXAMPLES = {"order": "#1001", "first_name": "Alex"}
MAYBE = ["first_name"]


def words(source: str) -> list[str]:
    return [problem.word for problem in check(source, EXAMPLES, MAYBE)]


@pytest.mark.parametrize(
    "source",
    [
        "",
        "Order {{ order }}",
        "Hello {{ first_name | default: 'you' }}",
        "{% if first_name %}Hello {{ first_name }}{% else %}Hello{% endif %}",
        "{% unless first_name %}Hello{% endunless %}",
        "{% assign who = order | upcase %}{{ who }}",
        "{% case order %}{% when '#1' %}one{% else %}more{% endcase %}",
        "{% comment %}not said{% endcomment %}{% raw %}{{ x }}{% endraw %}",
    ],
)
def test_what_a_merchant_writes_is_kept(source: str) -> None:
    assert words(source) == []


@pytest.mark.parametrize(
    ("source", "word", "name", "line"),
    [
        ("{{ nickname }}", "variable", "nickname", 1),
        ("One\nTwo {{ order.name }}", "variable", "order.name", 2),
        ("{% if vip %}x{% endif %}", "variable", "vip", 1),
        ("One\n\nHello {{ first_name }}", "missing", "first_name", 3),
        ("{% assign who = first_name %}{{ who }}", "missing", "first_name", 1),
        ("{{ order | append: first_name }}", "missing", "first_name", 1),
        ("{{ order", "syntax", "", 1),
        ("One\n{% if order %}", "syntax", "", 0),
        ("{{ order | shout }}", "syntax", "", 1),
    ],
)
def test_what_would_not_work_is_named_with_its_place(source: str, word: str, name: str, line: int) -> None:
    (found,) = check(source, EXAMPLES, MAYBE)
    assert found.word == word
    assert name in found.name
    assert not line or found.line == line


@pytest.mark.parametrize(
    "source",
    [
        "{% include 'x' %}",
        "{% render 'x' %}",
        "{% for x in (1..9) %}x{% endfor %}",
        "{% tablerow x in (1..9) %}x{% endtablerow %}",
        "{% liquid echo order %}",
        "{% capture x %}{% endcapture %}",
        "{{ order | split: '' }}",
        "{{ order | replace: 'a', 'b' }}",
        "{{ order.__class__ }}",
        "{{ order['__class__'] }}",
        "{{ self }}{{ config }}{{ request }}",
    ],
)
def test_no_file_no_loop_and_nothing_of_ours_is_in_reach(source: str) -> None:
    assert words(source)


@pytest.mark.parametrize(
    "source",
    [
        "{% assign a = 'xxxxxxxxxx' %}" + "{% assign a = a | append: a %}" * 140,
        "{{ 'x'" + " | append: 'xxxxxxxxxxxxxxxxxxxxx'" * 140 + " }}",
        "{% if order %}" * 300,
        "{% if order %}x{% endif %}" * 190,
        "{{ order }}" * 450,
        "{% if " + "order and " * 480 + "order %}{% endif %}",
        "{{ " + "order[" * 800 + "]" * 100 + " }}",
        "{{ order" + ".a" * 2_400 + " }}",
        "{%" * 2_500,
        "{{ (1..9999999999) | append: 'x' }}",
        "{% assign a = (1..999999999) %}{{ a }}",
        "{{ order | truncate: 99999999999999999999 }}",
        "x" * (LONGEST + 1),
    ],
)
def test_no_template_takes_long_or_grows(source: str) -> None:
    began = time.process_time()
    if not words(source):
        assert len(fill(source, EXAMPLES)) <= sandbox.LONGEST * 4
    assert time.process_time() - began < 2


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="{}%|'\"[]().=<>!-+*_# \nabcdeforderifnd", max_size=120))
def test_whatever_is_typed_is_answered(source: str) -> None:
    if not words(source):
        fill(source, {"order": "#1"})


def test_a_missing_value_is_never_sent_as_a_gap() -> None:
    with pytest.raises(Missing):
        fill("Hello {{ first_name }}", {"first_name": ""})
    assert fill("{% if first_name %}x{% endif %}y", {"first_name": None}) == "y"


# Marks


def test_marks_become_html_and_plain_text() -> None:
    text = "Hello **you**.\nSee [the shop](https://a.example/x?a=1&b=2).\n\n- one\n- **two**\n\n\nEnd"
    assert marks.html(text) == (
        '<p>Hello <strong>you</strong>.<br>See <a href="https://a.example/x?a=1&amp;b=2">the shop</a>.</p>\n'
        "<ul><li>one</li><li><strong>two</strong></li></ul>\n<p>End</p>"
    )
    assert marks.plain(
        text
    ) == "Hello you.\nSee the shop (https://a.example/x?a=1&b=2).\n\n- one\n- **two**\n\nEnd".replace("**two**", "two")


@pytest.mark.parametrize("address", ["javascript:alert", "data:text/html,x", "//evil.example", "mailto:x"])
def test_a_link_leads_to_the_web_or_is_none(address: str) -> None:
    assert "<a" not in marks.html(f"[x]({address})")


@pytest.mark.parametrize("name", ["[x](https://evil.example)", "**x**", "- x", "<b>x</b>", "<script>"])
def test_a_buyer_s_name_is_text_whatever_it_looks_like(name: str) -> None:
    made = fill("{{ first_name }} and [{{ first_name }}](https://a.example)", marks.hidden({"first_name": name}))
    html = marks.html(made)
    assert html.count("<a ") == 1
    assert "evil.example" not in html.partition("<a ")[2].partition(">")[0]
    assert not {"<b>", "<script>", "<strong>", "<ul>"} & set(html.replace(">", "> ").split())
    assert marks.plain(fill("{{ first_name }}", marks.hidden({"first_name": name}))) == name
    assert marks.line(fill("{{ first_name }}", marks.hidden({"first_name": name}))) == name
