"""What a buyer reads of a return, stage by stage, of one that is made up."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from shopify_app import clock
from shopify_app.language import speak
from shopify_app.mail import outbox, samples
from shopify_app.mail.outbox import Mail
from shopify_app.orders import sample
from shopify_app.orders.read import Whole
from shopify_app.returns import letters
from shopify_app.returns.letters import Case
from shopify_app.returns.models import (
    APPROVED,
    ASKED,
    DECLINED,
    RECEIVED,
    REFUND,
    REFUNDED,
    RETURN,
    WITHDRAWAL,
    Entry,
    Item,
    Request,
)
from shopify_app.shopify.models import Shop

STATES: Mapping[str, str] = {
    "asked": ASKED,
    "question": ASKED,
    "approved": APPROVED,
    "label": APPROVED,
    "expiring": APPROVED,
    "received": RECEIVED,
    "inspected": RECEIVED,
    "refunded": REFUNDED,
    "declined": DECLINED,
    "receipt": ASKED,
}
"""The message → where its return stands when it goes out, in the order of a return's life."""
ENTRY = 1
"""Number of the line in the log that a message is about."""


def _stage(word: str) -> Callable[[Shop], Mail]:
    def made(shop: Shop) -> Mail:
        mail = letters.of(_case(shop, word), letters.WRITERS[word], shop.email or "", is_staff=False)
        if isinstance(mail, outbox.Skip):
            raise LookupError(mail.reason)
        return mail

    return made


for _word in STATES:
    samples.shows(f"returns/{_word}")(_stage(_word))


def _case(shop: Shop, word: str) -> Case:
    whole = sample.whole(shop)
    t = speak(shop.voice()).t
    said = {"question": t("Was it like this when you opened it?"), "inspected": t("It has been used.")}.get(word, "")
    return Case(
        shop=shop,
        request=_request(shop, whole, word, said),
        order=whole.order,
        items=_items(whole, is_rejected=word == "inspected"),
        entries=_entries(word, said),
        voice=shop.voice(),
        which=str(ENTRY),
        link=samples.page(shop),
    )


def _request(shop: Shop, whole: Whole, word: str, question: str) -> Request:
    now, state = clock.now(), STATES[word]
    until = (now + timedelta(days=3 if word == "expiring" else 21)).date().isoformat()
    label = {"url": samples.page(shop), "number": "00340434161094042557", "until": until, "entry": ENTRY}
    return Request(
        id=0,
        kind=WITHDRAWAL if word == "receipt" else RETURN,
        state=state,
        state_at=now,
        asked_at=now,
        decided_at=None if state == ASKED else now,
        is_buyers_turn=word == "question",
        needs_label=False,
        refunded_at=now if state == REFUNDED else None,
        currency=whole.order.currency,
        expected=whole.lines[0].price,
        refunded=whole.lines[0].price if state == REFUNDED else None,
        content={"label": label} if word in ("label", "expiring") else {"question": question},
    )


def _items(whole: Whole, *, is_rejected: bool) -> Sequence[Item]:
    line = whole.lines[0]
    content = {"title": line.title}
    return [Item(id=1, line_id=line.id, quantity=1, outcome=REFUND, rejected=int(is_rejected), content=content)]


def _entries(word: str, said: str) -> Sequence[Entry]:
    content: dict[str, Any] = {"text": said}
    if word == "inspected":
        content = {"items": [{"item": 1, "rejected": 1, "why": said}]}
    return [Entry(id=ENTRY, word=word, content=content)]
