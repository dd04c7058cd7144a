"""The plan: free unless the operator sells one; whatever it is, nothing that buyers see depends on it."""

from collections.abc import Callable

import pytest

from devstore import deeds
from devstore.server import Running
from shopify_app.db import rest
from shopify_app.shopify import plans
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, Clock
from tests.home.conftest import Merchant
from tests.home.test_order import text
from tests.test_architecture import OURS, imports, short

Configure = Callable[..., None]


def test_without_a_price_list_there_is_nothing_to_choose(merchant: Merchant) -> None:
    page = text(merchant.opens("/plan").text)
    assert "Aftercare is free" in page
    assert "Choose a plan" not in page


def test_a_shop_may_try_for_as_long_as_the_operator_says(
    merchant: Merchant, configure: Configure, clock: Clock
) -> None:
    configure(pricing_handle="aftercare", trial_days=14)
    assert "You are trying Aftercare" in text(merchant.opens("/plan").text)
    page = merchant.opens("/plan").text
    assert "https://admin.shopify.com/store/lumen-goods/charges/aftercare/pricing_plans" in page
    clock.forward(days=14)
    assert "The trial is over" in text(merchant.opens("/plan", plan_handle="scale").text), "an address proves nothing"
    assert "Nothing that your buyers see or get ever stops" in text(merchant.opens("/plan").text)


@pytest.mark.parametrize(("plan", "kind"), [("plus", plans.TRIAL), ("scale", plans.PAID)])
def test_a_plan_is_what_shopify_says_it_is(
    shopify: Running, installed: Shop, configure: Configure, clock: Clock, plan: str, kind: str
) -> None:
    configure(pricing_handle="aftercare", trial_days=14)
    deeds.choose_plan(shopify.state, LUMEN, plan)
    assert plans.of(installed).name is None
    assert plans.refresh() == 1
    rest()
    standing = plans.of(installed)
    assert (standing.kind, standing.name) == (kind, plan.title())
    clock.forward(days=15)
    assert plans.of(installed).kind == plans.PAID


def test_removing_and_installing_starts_no_second_trial(
    shopify: Running, installed: Shop, configure: Configure, clock: Clock
) -> None:
    configure(pricing_handle="aftercare", trial_days=14)
    plans.read(installed)
    rest()
    until = plans.of(installed).until
    clock.forward(days=5)
    plans.read(installed)
    rest()
    assert plans.of(installed).until == until


def test_only_the_pages_that_tell_of_the_plan_ask_for_it() -> None:
    """So nothing of the buyers' side can stop because of one."""
    asking = {
        short(path) for path in OURS if any(name.startswith("shopify_app.shopify.plans") for name in imports(path))
    }
    assert asking == {"shopify_app/home/plan.py", "shopify_app/home/hub.py", "jobs/schedule.py"}
