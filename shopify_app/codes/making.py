"""Make a code: the intent first, then Shopify; after a doubt Shopify is asked before it is told again."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, exists, func, select, update

from shopify_app import clock, faults, secrets
from shopify_app.codes.models import CART, FRIEND, GIFTS, ORDER, REWARD, Code
from shopify_app.db import db, transaction, upsert
from shopify_app.language import speak, words
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.errors import Refused
from shopify_app.shopify.models import Shop

SCOPE = "write_discounts"
ONCE_IN = timedelta(days=90)
"""A person gets at most one gift in this time."""
BUDGET = timedelta(days=30)
"""Of which the merchant's number of codes speaks."""
KEPT = timedelta(days=180)
"""After so long a code that ends is forgotten: it has ended long ago."""
TITLES: Mapping[str, str] = {
    CART: words("Reminder of a cart: {code}"),
    ORDER: words("Thanks for an order: {code}"),
    FRIEND: words("For a customer’s friends: {code}"),
    REWARD: words("Thanks for a friend: {code}"),
}
"""As staff reads them among the discounts in Shopify."""
BEGINNINGS: Mapping[str, str] = {CART: "BACK", ORDER: "THANKS", FRIEND: "FRIEND", REWARD: "GIFT"}


@dataclass(frozen=True, slots=True)
class Wish:
    """A code that somebody is to get."""

    key: str
    kind: str
    email_index: bytes | None
    percent: int
    """What it takes off; 0: there are to be no codes."""
    customer_id: int | None = None
    days: int | None = None
    """How long it is good for; None: without end."""
    budget: int | None = None
    """Codes of its kind in 30 days; None: as many as are wished for."""


class No(NamedTuple):
    """There is none."""

    reason: str
    """A key that the merchant's pages put into words."""


def may_make(shop: Shop) -> bool:
    """Whether the shop has allowed us to make discounts."""
    return shop.may(SCOPE)


def why_not(shop: Shop, wish: Wish) -> str | None:
    """What stands against making it now; None: nothing does, or it is there already."""
    if _get(shop, wish.key) is not None:
        return None
    if not wish.percent:
        return "codes_off"
    if not may_make(shop):
        return "codes_forbidden"
    if wish.budget is not None and _spent(shop, wish.kind) >= wish.budget:
        return "codes_spent"
    return "had_code" if wish.kind in GIFTS and _had_one(shop, wish) else None


def of(shop: Shop, wish: Wish) -> Code | No:
    """The code, made at Shopify if it is not there yet.

    Raises one of the ShopifyError family: then nobody knows whether it was made, and the next call finds out.
    """
    code, is_new = _get(shop, wish.key), False
    if code is None:
        against, is_new = _intend(shop, wish)
        if against:
            return No(against)
        faults.point("code_intended")
        code = db.session.get_one(Code, (shop.id, wish.key))
    if code.error or (code.made_at is None and not _make(shop, code, is_new=is_new)):
        return No("code_refused")
    return code if code.ends_at is None or code.ends_at > clock.now() else No("code_over")


def known(shop: Shop, text: str) -> Code | None:
    """The code that reads so, in whatever case it was typed; None where it is none of ours."""
    found = select(Code).where(Code.shop_id == shop.id, Code.code_index == _index(shop, text))
    return db.session.scalars(found).first()


def is_there(shop: Shop, key: str) -> bool:
    """Whether it was ever meant to be made."""
    return _get(shop, key) is not None


def purge() -> int:
    """Forget the codes that ended long ago; returns how many."""
    old = delete(Code).where(Code.ends_at.is_not(None), Code.created_at < clock.now() - KEPT)
    with transaction():
        return int(db.session.execute(old).rowcount)  # type: ignore[attr-defined]


def _get(shop: Shop, key: str) -> Code | None:
    return db.session.get(Code, (shop.id, key))


def _intend(shop: Shop, wish: Wish) -> tuple[str | None, bool]:
    """What stands against it, and whether the intent is ours: under the shop's lock, so that two workers together keep
    to the budget.
    """
    with transaction():
        db.session.execute(select(Shop.id).where(Shop.id == shop.id).with_for_update())
        if against := why_not(shop, wish):
            return against, False
        return None, bool(upsert(Code, [_row(shop, wish)], ("shop_id", "key"), keep=True))


def _row(shop: Shop, wish: Wish) -> dict[str, Any]:
    now, text = clock.now(), _text(shop, wish)
    return {
        "shop_id": shop.id,
        "key": wish.key,
        "kind": wish.kind,
        "customer_id": wish.customer_id,
        "email_index": wish.email_index,
        "code": text,
        "code_index": _index(shop, text),
        "percent": wish.percent,
        "created_at": now,
        "ends_at": now + timedelta(days=wish.days) if wish.days else None,
    }


def _spent(shop: Shop, kind: str) -> int:
    since = Code.created_at > clock.now() - BUDGET
    counted = select(func.count()).select_from(Code).where(Code.shop_id == shop.id, Code.kind == kind, since)
    return db.session.scalar(counted) or 0


def _had_one(shop: Shop, wish: Wish) -> bool:
    theirs = (Code.shop_id == shop.id, Code.email_index == wish.email_index, Code.kind.in_(GIFTS))
    return bool(db.session.scalar(select(exists().where(*theirs, Code.created_at > clock.now() - ONCE_IN))))


def _make(shop: Shop, code: Code, *, is_new: bool) -> bool:
    """Whether Shopify has it now. After a try whose answer never came, it is looked for first."""
    if is_new or not _exists(shop, code):
        try:
            AdminApi(shop).run("codes/make", discount=_input(shop, code))
            faults.point("code_made")
        except Refused as error:
            # Somebody else who took over may have been faster.
            if not _exists(shop, code):
                _write(code, error=str(error).partition(": ")[2][:200])
                return False
    _write(code, made_at=clock.now())
    return True


def _exists(shop: Shop, code: Code) -> bool:
    return AdminApi(shop).run("codes/code", code=code.code)["codeDiscountNodeByCode"] is not None


def _write(code: Code, *, made_at: datetime | None = None, error: str | None = None) -> None:
    """By its key: whoever was erased meanwhile has no row any more."""
    one = update(Code).where(Code.shop_id == code.shop_id, Code.key == code.key)
    with transaction():
        db.session.execute(one.values(made_at=made_at, error=error))


def _text(shop: Shop, wish: Wish) -> str:
    """Nobody guesses it, and a second thought about the same key comes to the same one."""
    drawn = base64.b32encode(secrets.index(shop.id, "code", wish.key))[:10].decode()
    return f"{BEGINNINGS[wish.kind]}-{drawn[:5]}-{drawn[5:]}"


def _index(shop: Shop, text: str) -> bytes:
    return secrets.index(shop.id, "code text", text.strip().upper())


def _input(shop: Shop, code: Code) -> dict[str, object]:
    """Shopify knows no discount for a first order only: a segment leaves out whoever is no customer yet."""
    return {
        "title": speak(shop.locale).t(TITLES[code.kind], code=code.code),
        "code": code.code,
        "startsAt": code.created_at.isoformat(),
        "endsAt": code.ends_at and code.ends_at.isoformat(),
        "context": {"all": "ALL"},
        "customerGets": {"value": {"percentage": code.percent / 100}, "items": {"all": True}},
        "appliesOncePerCustomer": True,
        "usageLimit": None if code.kind == FRIEND else 1,
        "combinesWith": {"shippingDiscounts": True},
    }
