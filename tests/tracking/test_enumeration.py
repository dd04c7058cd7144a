"""A stranger tries thousands of order numbers with e-mails of their own, and learns nothing.

What they could see is compared between guesses at orders that exist and guesses at orders that do not: body, status,
headers, and how long each answer took. The times are compared by ranks (Mann and Whitney): whoever drew one guess of
each kind would find the first slower with some probability, which is one half when the kinds cannot be told apart. The
test fails at 4 standard deviations: with 5,000 of each a lead of 2.3 percentage points, with 1,000 one of 5.2. Chance
alone goes so far once in 16,000 runs. The guesses are made inside this process, where a difference shows far better
than it would across a network, and tries are counted in a real Redis: counting them in this process would disturb the
times.
"""

import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from shopify_app import clock
from shopify_app.db import transaction
from shopify_app.orders import record
from shopify_app.shopify.models import Shop
from tests.buyers import Configure, Storefront
from tests.orders import BUYER, order
from tests.setup import redis

TRIES = 5
"""At each order."""
FAR = 4.0
"""Standard deviations."""


@pytest.fixture(autouse=True)
def endless_tries(configure: Configure, tmp_path: Path) -> Iterator[None]:
    counters = redis.start(tmp_path / "redis", appendonly=False)
    configure(lookup_limits=("1000000 per hour",) * 3, redis_url=counters.url)
    yield
    counters.stop()


@pytest.mark.slow
@pytest.mark.parametrize("orders", [200, pytest.param(1000, marks=pytest.mark.whole)])
def test_thousands_of_guesses_do_not_tell_which_orders_there_are(
    storefront: Storefront, shop: Shop, orders: int
) -> None:
    with transaction():
        for number in range(orders):
            record.order(shop.id, order(number + 1, name=f"#{1000 + number}"), clock.now())
    guesses = [(number, exists) for exists in (True, False) for number in range(orders) for _ in range(TRIES)]
    random.Random(4711).shuffle(guesses)

    times: dict[bool, list[float]] = {True: [], False: []}
    looks = set()
    for count, (number, exists) in enumerate(guesses):
        name = f"#{1000 + number}" if exists else f"#{5000 + number}"
        began = time.perf_counter()
        answer = storefront.look_up(name, f"stranger{count:05}@example.com")
        times[exists].append(time.perf_counter() - began)
        looks.add((answer.status_code, answer.data, tuple(sorted(answer.headers.items()))))

    assert len(looks) == 1
    found = lead(times[True], times[False])
    assert abs(found) < FAR, found


def test_the_rank_test_sees_a_difference_that_is_there(storefront: Storefront, shop: Shop) -> None:
    """A look-up that succeeds does other work, and may be known by it: at the latest by as many as are tried above."""
    with transaction():
        record.order(shop.id, order(), clock.now())
    times: dict[str, list[float]] = {BUYER["email"]: [], "stranger@example.com": []}
    for _ in range(TRIES):
        for contact in [*times] * 200:
            began = time.perf_counter()
            storefront.look_up("#1001", contact)
            times[contact].append(time.perf_counter() - began)
        if abs(lead(*times.values())) > FAR:
            return
    pytest.fail("no difference was seen")


def lead(some: Sequence[float], others: Sequence[float]) -> float:
    """By how many standard deviations `some` rank above `others` more often than chance lets them."""
    ranked = sorted([(value, True) for value in some] + [(value, False) for value in others])
    ranks = sum(rank for rank, (_, is_some) in enumerate(ranked, 1) if is_some)
    wins = ranks - len(some) * (len(some) + 1) / 2
    pairs = len(some) * len(others)
    return (wins - pairs / 2) / (pairs * (len(ranked) + 1) / 12) ** 0.5
