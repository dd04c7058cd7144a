"""Whatever happened, and in whatever order it was told: the erased leave nothing, the others keep everything.

Two shops are told the same; in one of them somebody asks to be forgotten. What is there of everybody else is then the
same in both.
"""

import itertools
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jobs import sync, webhooks
from shopify_app import clock
from shopify_app.db import rest
from shopify_app.shopify.models import Shop
from tests.conftest import Sender, install
from tests.privacy import people
from tests.privacy.conftest import last_request, places
from tests.privacy.people import ANN, GUEST, JOANN, News, Payload, Somebody

Event = tuple[Somebody, int] | None
Said = dict[Somebody, list[News]]

EVERYBODY = (ANN, GUEST, JOANN)
NUMBERS = itertools.count(1)


def news(person: Somebody) -> list[News]:
    """All that can be said of somebody, also that something of theirs is gone."""
    gone: list[tuple[str, Payload]] = [
        ("orders/delete", {"id": person.order}),
        ("checkouts/delete", {"id": person.order + 5}),
        ("fulfillment_events/delete", {"id": person.order + 2000, "order_id": person.order}),
        ("orders/cancelled", people.order(person, cancelled_at=people.now())),
    ]
    if person.customer is not None:
        gone.append(("customers/delete", {"id": person.customer}))
    return [*people.life(person), *people.broken(person), *gone]


EVENTS = [(person, number) for person in EVERYBODY for number in range(len(news(person)))]
"""Each a piece of news about somebody. A history takes some of them, some twice, in any order."""
WORK = None
"""The workers come by."""

histories = st.lists(st.sampled_from([*EVENTS, *[WORK] * 5]), max_size=25)


@settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example plays in a database: shrinking takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(before=histories, after=histories, erased=st.sampled_from(EVERYBODY))
def test_the_erased_leave_nothing_and_the_others_keep_everything(
    app: Flask, sends: Sender, before: list[Event], after: list[Event], erased: Somebody
) -> None:
    shops = [install(f"shop-{next(NUMBERS)}.myshopify.com") for _ in range(2)]
    said = {person: news(person) for person in EVERYBODY}
    tell(sends, shops, said, before)
    asked_at = clock.now()
    request = people.redaction(erased, shops[0].domain, orders_to_redact=[erased.order])
    sends("customers/redact", request, shop=shops[0].domain)
    tell(sends, shops, said, after, at=asked_at)
    tell(sends, shops, said, [WORK])
    assert last_request().result == "erased"
    assert not places(shops[0], erased)
    for person in EVERYBODY:
        if person is not erased:
            assert places(shops[0], person) == places(shops[1], person)


def tell(sends: Sender, shops: list[Shop], said: Said, events: list[Event], **about: Any) -> None:
    for event in events:
        if event is WORK:
            webhooks.drain()
            sync.drain()
            rest()
        else:
            topic, body = said[event[0]][event[1]]
            for shop in shops:
                sends(topic, body, shop=shop.domain, **about)
