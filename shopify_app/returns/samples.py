"""What the messages about a return look like: as if the first line of an order, real or made up, came back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from shopify_app import clock
from shopify_app.language import Language, speak, words
from shopify_app.mail.outbox import Mail
from shopify_app.mail.wording import ABOUT_ORDER, Parts, Show, Template, declare
from shopify_app.orders import sample
from shopify_app.orders.models import Order
from shopify_app.orders.read import Whole
from shopify_app.returns import letters, wording
from shopify_app.returns.letters import Case
from shopify_app.returns.models import (
    APPROVED,
    ASKED,
    DECLINED,
    EXCHANGE,
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

STATES = {
    "asked": ASKED,
    "approved": APPROVED,
    "label": APPROVED,
    "expiring": APPROVED,
    "declined": DECLINED,
    "question": ASKED,
    "received": RECEIVED,
    "inspected": RECEIVED,
    "refunded": REFUNDED,
    "exchanged": REFUNDED,
    "receipt": ASKED,
}
ENTRY = 1
RECEIPT = words(
    "The law wants buyers to have this receipt. What they declared and when, the proof, and by when the money goes "
    "back stand below your text, whatever you write."
)


def _shows(word: str) -> Show:
    """Its links lead to the look-up."""

    def show(shop: Shop, order_id: int | None, voice: str, draft: Parts | None) -> Mail | None:
        whole = sample.shown(shop, order_id)
        if whole is None or not whole.lines:
            return None
        kind = "refunded" if word == "exchanged" else word
        mail = letters.write(_case(shop, whole, word, speak(voice)), kind, voice=voice, draft=draft)
        return mail if isinstance(mail, Mail) else None

    return show


def _case(shop: Shop, whole: Whole, word: str, language: Language) -> Case:
    line = whole.lines[0]
    item = Item(
        id=1,
        line_id=line.id,
        quantity=line.quantity,
        outcome=EXCHANGE if word == "exchanged" else REFUND,
        rejected=0,
        content={"title": line.title},
    )
    said = language.t("Is the lamp broken, or only its box?")
    judged = [{"item": 1, "rejected": 1, "why": language.t("It was used.")}]
    return Case(
        shop=shop,
        request=_request(whole.order, word, line.price * line.quantity, said, shop),
        order=whole.order,
        items=[item],
        entries=[Entry(id=ENTRY, word=word, content={"text": said, "items": judged})],
        language=language,
        which=str(ENTRY),
        link=shop.storefront + shop.proxy_path,
    )


def _request(order: Order, word: str, amount: int, said: str, shop: Shop) -> Request:
    now = clock.now()
    last = (now + timedelta(days=20)).date().isoformat()
    there = shop.storefront + shop.proxy_path
    label = {"url": there, "number": "00340434161094042557", "until": last, "entry": ENTRY}
    contents: Mapping[str, dict[str, Any]] = {
        "approved": {"label": label},
        "label": {"label": label},
        "expiring": {"label": label},
        "question": {"question": said},
        "receipt": {"proof": "9f2c61d0a4b8e753"},
    }
    return Request(
        id=1,
        order_id=order.id,
        kind=WITHDRAWAL if word == "receipt" else RETURN,
        state=STATES[word],
        state_at=now,
        asked_at=now,
        decided_at=None,
        needs_label=False,
        is_buyers_turn=word == "question",
        refunded_at=now,
        currency=order.currency,
        expected=amount,
        refunded=0 if word == "exchanged" else amount,
        content=contents.get(word, {}),
    )


for _word, _says in wording.SAYS.items():
    declare(
        Template(
            f"returns/{_word}",
            (*ABOUT_ORDER, *_says.variables),
            wording.ours(_says),
            _shows(_word),
            stays=RECEIPT if _word == "receipt" else "",
            shared="returns/refunded" if _word == "exchanged" else "",
        )
    )
