"""What a merchant says at a moment of an order, in one language: in place of the questions and the guide of ours."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select

from shopify_app import clock, settings
from shopify_app.db import db, transaction, upsert
from shopify_app.language import Language, words
from shopify_app.orders import sayings
from shopify_app.shopify.models import Shop
from shopify_app.tracking import faq
from shopify_app.tracking.models import StageTexts
from shopify_app.tracking.scans import State
from shopify_app.tracking.unclear import Unclear

MOST = 12
"""Questions, or steps of a guide, at one moment."""
LONGEST = {"question": 200, "answer": 2000, "step": 300}
"""Signs."""


class Question(NamedTuple):
    question: str
    answer: str


class Texts(NamedTuple):
    questions: Sequence[Question]
    guide: Sequence[str]
    is_own: bool
    """Whether the merchant wrote them."""


def of(shop: Shop, language: Language, stage: State) -> Texts:
    """The merchant's, else ours."""
    own = db.session.get(StageTexts, (shop.id, language.code, stage))
    if own is not None:
        return Texts([Question(*one) for one in own.questions], own.guide, is_own=True)
    ours = [Question(language.t(one.question), language.t(one.answer)) for one in faq.questions(stage)]
    return Texts(ours, [language.t(step) for step in faq.GUIDE[stage]], is_own=False)


def filled(texts: Texts, shop: Shop, placed_at: datetime, language: Language) -> Texts:
    """With what other features say of an order of that moment."""
    questions = [one._replace(answer=sayings.filled(one.answer, shop, placed_at, language)) for one in texts.questions]
    return texts._replace(
        questions=questions, guide=[sayings.filled(step, shop, placed_at, language) for step in texts.guide]
    )


def written(shop: Shop) -> Mapping[str, Sequence[str]]:
    """Language → the moments for which the merchant wrote texts in it."""
    rows = db.session.execute(select(StageTexts.language, StageTexts.stage).where(StageTexts.shop_id == shop.id)).all()
    return {
        language: [row.stage for row in rows if row.language == language] for language in {r.language for r in rows}
    }


def read(form: Mapping[str, str]) -> Texts:
    """What a form of `question-1, answer-1, question-2 …` and `guide` (a step a line) says. Raises Unclear."""
    guide = [line.strip() for line in form.get("guide", "").splitlines() if line.strip()]
    if not guide:
        raise Unclear("guide", words("Please write at least one step."))
    if len(guide) > MOST or any(len(step) > LONGEST["step"] for step in guide):
        raise Unclear("guide", words("At most 12 steps of 300 characters."))
    questions = []
    for number in range(1, MOST + 1):
        one = Question(form.get(f"question-{number}", "").strip(), form.get(f"answer-{number}", "").strip())
        if any(one):
            _check(number, one)
            questions.append(one)
    if not questions:
        raise Unclear("question-1", words("Please write at least one question with its answer."))
    return Texts(questions, guide, is_own=True)


def _check(number: int, one: Question) -> None:
    if not one.question or not one.answer:
        field = "question" if not one.question else "answer"
        raise Unclear(f"{field}-{number}", words("A question needs an answer, and an answer its question."))
    for field, text in zip(("question", "answer"), one, strict=True):
        if len(text) > LONGEST[field]:
            raise Unclear(f"{field}-{number}", words("This is too long for a page that is read on a phone."))


def keep(shop: Shop, language: str, stage: State, texts: Texts) -> None:
    row = {
        "shop_id": shop.id,
        "language": language,
        "stage": stage,
        "questions": [list(one) for one in texts.questions],
        "guide": list(texts.guide),
        "changed_at": clock.now(),
    }
    with transaction():
        _tell(shop, language, stage, is_own=True)
        upsert(StageTexts, [row], ("shop_id", "language", "stage"))


def forget(shop: Shop, language: str, stage: State) -> None:
    """Back to ours."""
    own = (StageTexts.shop_id == shop.id, StageTexts.language == language, StageTexts.stage == stage)
    with transaction():
        _tell(shop, language, stage, is_own=False)
        db.session.execute(delete(StageTexts).where(*own))


def _tell(shop: Shop, language: str, stage: State, *, is_own: bool) -> None:
    """The history says whose words stand there; the words themselves are not kept twice."""
    was_own, name = db.session.get(StageTexts, (shop.id, language, stage)) is not None, f"{language}/{stage}"
    if was_own or is_own:
        settings.tell(shop, "page_texts", {name: was_own}, {name: "anew" if was_own and is_own else is_own})
