"""A code in the last message: unique, good once, for a while, within a budget, and not for who waits for codes."""

import re
from collections.abc import Callable

from devstore import deeds
from devstore.records import Checkout, DiscountCode
from shopify_app.shopify import install
from tests.carts.conftest import Store
from tests.conftest import LUMEN

CODE = re.compile(r"BACK-[A-Z2-7]{5}-[A-Z2-7]{5}")


def codes(store: Store) -> list[DiscountCode]:
    return store.state.codes.of(LUMEN)


def abandoned(store: Store, email: str, **how: object) -> Checkout:
    checkout = store.left(email=email, **how)
    store.later(hours=1)
    store.later(minutes=1)
    return checkout


def test_the_buyer_reads_a_code_that_works_once(store: Store, switch: Callable[..., None]) -> None:
    switch(percent=15, days=3)
    abandoned(store, "ann@example.com")
    [code] = codes(store)
    [mail] = store.mails("ann@example.com")
    assert CODE.findall(mail.text or "")[0] == code.code
    assert f"discount={code.code}" in (mail.text or "")
    assert (code.percent, code.usage_limit) == ("15.0", 1)
    assert code.ends_at is not None
    assert (code.ends_at - code.starts_at).days == 3
    worth = deeds.worth(store.state, LUMEN, code.code)
    assert worth is not None
    checkout = deeds.begin_checkout(store.state, LUMEN, [(store.lamp.variants[0].id, 1)], email="ann@example.com")
    deeds.update_checkout(store.state, checkout, discount_code=worth)
    deeds.complete(store.state, checkout)
    assert deeds.worth(store.state, LUMEN, code.code) is None


def test_without_codes_switched_on_shopify_is_asked_for_none(store: Store) -> None:
    abandoned(store, "ann@example.com")
    assert codes(store) == []
    assert CODE.search(store.mails("ann@example.com")[0].text or "") is None


def test_only_the_last_of_several_messages_has_one(store: Store, switch: Callable[..., None]) -> None:
    switch(percent=10, steps=2)
    abandoned(store, "ann@example.com")
    assert codes(store) == []
    store.later(hours=23)
    assert len(codes(store)) == 1
    assert [bool(CODE.search(mail.text or "")) for mail in store.mails("ann@example.com")] == [True, False]


def test_whoever_leaves_carts_again_and_again_gets_none(store: Store, switch: Callable[..., None]) -> None:
    switch(percent=10)
    abandoned(store, "ann@example.com")
    for _ in range(2):
        store.later(days=20)
        abandoned(store, "ann@example.com")
    assert len(codes(store)) == 1
    assert len(store.mails("ann@example.com")) == 3
    for days in (50, 45):
        store.later(days=days)
        install.keep_alive()
    abandoned(store, "ann@example.com")
    assert len(codes(store)) == 2


def test_the_budget_ends_and_messages_go_out_without(store: Store, switch: Callable[..., None]) -> None:
    switch(percent=10, budget=10, cap=50)
    for number in range(12):
        store.left(email=f"person-{number}@example.com")
    store.later(hours=1)
    assert store.reasons() == ["sent"] * 12
    assert len(codes(store)) == 10


def test_a_shop_whose_answer_got_lost_has_one_code(store: Store, switch: Callable[..., None]) -> None:
    """The call fails after the last look: the message waits, and the next try finds out what became of it."""
    switch(percent=10)
    store.left(email="ann@example.com")
    store.clock.forward(hours=1)
    store.shopify.faults.graphql.throttled = 3
    for _ in range(6):
        store.later(minutes=10)
    assert len(codes(store)) == 1
    assert len(store.mails("ann@example.com")) == 1


def test_nobody_gets_a_code_who_gets_no_message(store: Store, switch: Callable[..., None]) -> None:
    """The budget of messages says no after everything else said yes."""
    switch(percent=10)
    store.left(email="ann@example.com", accepts_marketing=False)
    store.later(hours=1)
    assert store.reasons() == ["no_consent"]
    assert codes(store) == []
