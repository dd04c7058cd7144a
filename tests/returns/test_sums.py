"""What a buyer is told, what Shopify suggests and what it books are one sum, whatever the order."""

import pytest

from devstore import server
from shopify_app.shopify.models import Shop
from tests.returns.sums import Till


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """It keeps nothing of this: one will do."""
    return f"sqlite:///{tmp_path_factory.mktemp('sums')}/app.db"


ALL = [pytest.param(range(first, first + 500), marks=pytest.mark.whole) for first in range(0, 10_000, 500)]
"""A store of its own for each: one that knows ten thousand orders answers slowly."""


@pytest.mark.parametrize("seeds", [range(40), *ALL], ids=lambda seeds: f"{seeds.start} to {seeds.stop - 1}")
def test_told_suggested_and_booked_are_one_sum(installed: Shop, shopify: server.Running, seeds: range) -> None:
    till, returns = Till(installed, shopify), 0
    for seed in seeds:
        order, chance = till.order(seed)
        for found in till.comes_back(order, chance):
            returns += 1
            assert found.are_one, (seed, order.presentment_currency, found)
    assert returns > len(seeds)
