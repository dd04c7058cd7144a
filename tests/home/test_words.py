"""Every word of Shopify's and of the database's has one that a merchant understands."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from shopify_app.home import states
from shopify_app.mail import outbox
from shopify_app.webhooks import topics

ROOT = Path(__file__).parents[2]
WORDS = (ROOT / "templates/home/words.html").read_text()


def keys(macro: str) -> set[str]:
    """What a macro of words.html knows."""
    body = WORDS[WORDS.index("{% macro " + macro + "(") :].partition("{%- endmacro %}")[0]
    return set(re.findall(r'"([\w/]+)": t\(', body))


def reasons() -> Iterator[str]:
    """Every reason that the code gives for sending nothing: Skip("…"), and what a _why_not… returns."""
    for path in (ROOT / "shopify_app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Skip":
                yield from (one.value for one in node.args if isinstance(one, ast.Constant))
            if isinstance(node, ast.FunctionDef) and "why_not" in node.name:
                returned = (one.value for one in ast.walk(node) if isinstance(one, ast.Return))
                yield from (one.value for one in returned if isinstance(one, ast.Constant) and one.value)


def test_every_topic_has_words() -> None:
    assert keys("topic") == set(topics.HANDLERS)


def test_every_message_has_a_name(app: Flask) -> None:
    ours = {name for name in outbox.templates() if not name.startswith("tests/")}
    assert keys("message") == ours


def test_every_reason_has_a_sentence() -> None:
    assert set(reasons()) <= keys("reason")


def test_every_state_of_a_parcel_has_words() -> None:
    assert {*states.WAY, *states.TROUBLE} <= keys("scan")
    assert keys("shipping") == {"cancelled", "unshipped", "part_shipped"}
