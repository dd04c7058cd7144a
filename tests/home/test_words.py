"""Every word of Shopify's and of the database's has one that a merchant understands."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from shopify_app.carts import decisions
from shopify_app.home import states
from shopify_app.mail import journal, law, outbox, wording
from shopify_app.mail.models import Purpose
from shopify_app.mail.refusals import ASKED, BOUNCED, COMPLAINED
from shopify_app.webhooks import topics

REFUSED = (ASKED, BOUNCED, COMPLAINED)
ROOT = Path(__file__).parents[2]
WORDS = (ROOT / "templates/home/words.html").read_text()


def keys(macro: str) -> set[str]:
    """What a macro of words.html knows."""
    body = WORDS[WORDS.index("{% macro " + macro + "(") :].partition("{%- endmacro %}")[0]
    return set(re.findall(r'"([\w/]+)": [tn]\(', body))


SAYING = {"Skip": 0, "Wait": 1}
"""Which of their arguments is the reason."""


def reasons() -> Iterator[str]:
    """Every reason that the code gives for sending nothing, or not yet: Skip("…"), Wait(…, "…"), what a _why_not… or a
    function marked with budget.pauses returns.
    """
    for path in (ROOT / "shopify_app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and (place := SAYING.get(getattr(node.func, "id", ""))) is not None:
                yield from (one.value for one in node.args[place:] if isinstance(one, ast.Constant))
            if isinstance(node, ast.FunctionDef) and ("why_not" in node.name or pauses(node)):
                yield from (one for back in ast.walk(node) if isinstance(back, ast.Return) for one in said(back.value))


def pauses(function: ast.FunctionDef) -> bool:
    return any(ast.unparse(one) == "budget.pauses" for one in function.decorator_list)


def said(value: ast.expr | None) -> Iterator[str]:
    """One text, or both of a choice."""
    if isinstance(value, ast.IfExp):
        yield from (*said(value.body), *said(value.orelse))
    elif isinstance(value, ast.Constant) and value.value:
        yield value.value


def test_every_topic_has_words() -> None:
    assert keys("topic") == set(topics.HANDLERS)


def test_every_message_has_a_name(app: Flask) -> None:
    ours = {name for name in outbox.templates() if not name.startswith("tests/")}
    assert keys("message") == ours | set(wording.known())


def test_every_reason_has_a_sentence() -> None:
    assert set(reasons()) <= keys("reason")
    assert {"quiet", "had_one", "return_open"} <= set(reasons())


def test_every_word_of_the_law_and_of_the_list_of_refusals_has_a_sentence() -> None:
    assert "refused" in keys("reason")
    assert {*law.NOTS.values(), *(f"refused_{word}" for word in REFUSED)} <= keys("reason")
    assert keys("refused") == set(REFUSED)
    assert keys("purpose") == set(Purpose)
    assert keys("outcome") == set(journal.OUTCOMES)


def test_every_plan_and_every_reason_against_one_has_a_sentence() -> None:
    body = (ROOT / "shopify_app/feedback/decision.py").read_text()
    waiting = {"unsent", "under_way", "return_open", "case_open", "day_full"}
    never = set(re.findall(r'"(\w+)": .*facts\.', body)) | {"before_switch", "too_late"}
    assert len(never) > 8
    assert {f"feedback_{one}" for one in (waiting | never) - {"has_answered", "not_sent"}} <= keys("planned")
    assert {reason for reason, _ in decisions.RULES} - {decisions.HELD_OUT} <= keys("reason")


def test_every_state_of_a_parcel_has_words() -> None:
    assert {*states.WAY, *states.TROUBLE} <= keys("scan")
    assert keys("shipping") == {"cancelled", "unshipped", "part_shipped"}
