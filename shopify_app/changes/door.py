"""The ways from an order's page to what may be changed of it."""

from shopify_app.changes import decisions, words
from shopify_app.changes.models import ADDRESS, CANCEL, DONE
from shopify_app.language import Language
from shopify_app.orders import doors
from shopify_app.orders.doors import Door
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop


@doors.offers
def cancellation(shop: Shop, whole: Whole, language: Language) -> Door | None:
    return _door(shop, whole, CANCEL, language)


@doors.offers
def address(shop: Shop, whole: Whole, language: Language) -> Door | None:
    return _door(shop, whole, ADDRESS, language)


def _door(shop: Shop, whole: Whole, kind: str, language: Language) -> Door | None:
    found, t = decisions.standing(shop, whole, kind), language.t
    note = words.NOTES.get((kind, found.word))
    if found.word == "possible":
        is_changed = kind == ADDRESS and found.change is not None and found.change.result == DONE
        return Door(t(words.DOORS[kind]), words.PATHS[kind], t(words.CHANGED) if is_changed else None)
    if found.word == "asked" and note:
        return Door(t("See your request or take it back"), words.PATHS[kind], t(note))
    return Door(t(words.DOORS[kind]), None, t(note)) if note else None
