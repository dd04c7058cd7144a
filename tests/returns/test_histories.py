"""Whatever happens to an order, in whatever order: a request is taken exactly when its units are there."""

from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shopify_app import clock as app_clock
from shopify_app.db import rest, transaction
from shopify_app.orders import record
from shopify_app.returns import requests
from shopify_app.returns.basket import Basket
from shopify_app.returns.models import FREEING, Request
from shopify_app.returns.requests import Taken
from shopify_app.shopify.models import Shop
from tests import factories
from tests.returns.conftest import asks, basket, piece, wish

numbers = count(50_000)
units = st.integers(1, 3)


class History(RuleBasedStateMachine):
    """One line of an order: what was delivered, what our requests hold, what went its way at Shopify without us."""

    shop: Shop

    @initialize(ordered=st.integers(2, 6), delivered=st.integers(1, 2))
    def place(self, ordered: int, delivered: int) -> None:
        self.order, self.ordered, self.delivered = next(numbers), ordered, delivered
        self.theirs = self.refunded = 0
        """Units in returns filed elsewhere, of which we have heard nothing; units refunded without a return."""
        self.requests: list[Request] = []
        with transaction():
            record.order(self.shop.id, factories.new_order(app_clock.now(), self.order), app_clock.now())

    def what(self) -> Basket:
        """As Shopify has it: it knows of what was filed, and of nothing else."""
        filed = sum(self.size(one) for one in self.live() if one.filed_at is not None)
        left = self.delivered - filed - self.theirs - max(self.refunded - (self.ordered - self.delivered), 0)
        line = self.order * 10 + 1
        return basket(
            piece(self.order, line, self.delivered, line_quantity=self.ordered, returnable=max(left, 0)),
            order=self.order,
        )

    def live(self) -> list[Request]:
        rest()
        known = requests.of_order(self.shop, self.order)
        return [one for one in known if one.state not in FREEING]

    def size(self, request: Request) -> int:
        return sum(item.quantity for item in requests.items(self.shop, [request.id])[request.id])

    def free(self) -> int:
        """Units that nobody holds: a refund without a return is of what is not sent, as far as there is such."""
        held = sum(self.size(one) for one in self.live())
        gone = max(self.refunded - (self.ordered - self.delivered), 0)
        return self.delivered - held - self.theirs - gone

    @rule(wanted=units)
    def ask(self, wanted: int) -> None:
        free = self.free()
        try:
            asks(self.shop, self.what(), wish(wanted, self.order))
            is_taken = False
        except Taken:
            is_taken = True
        assert is_taken == (wanted > free)

    @rule(wanted=units)
    def ask_by_what_was_read_before(self, wanted: int) -> None:
        """Two browsers: the first one's request is filed when the second one sends."""
        what = self.what()
        for one in (1, 2):
            free = self.free()
            try:
                asks(self.shop, what, wish(wanted, self.order))
                assert wanted <= free, one
            except Taken:
                assert wanted > free, one

    @precondition(lambda self: self.live())
    @rule(which=st.integers(0, 9), how=st.sampled_from(["decline", "cancel", "file"]))
    def go_on(self, which: int, how: str) -> None:
        live = self.live()
        request = live[which % len(live)]
        if how == "file":
            with transaction():
                found = requests.get(self.shop, request.id)
                assert found is not None
                found.filed_at = found.filed_at or app_clock.now()
        elif how == "decline":
            requests.decline(self.shop, request.id, "7", "other", "No.")
        else:
            requests.cancel(self.shop, request.id, "buyer")

    @precondition(lambda self: self.free() > 0)
    @rule()
    def return_elsewhere(self) -> None:
        self.theirs += 1

    @precondition(lambda self: self.free() > 0)
    @rule()
    def refund_elsewhere(self) -> None:
        self.refunded += 1
        number = next(numbers)
        line: dict[str, Any] = {"id": number, "line_item_id": self.order * 10 + 1, "quantity": 1}
        with transaction():
            record.refund(self.shop.id, factories.refund(number, self.order, refund_line_items=[line]))

    @precondition(lambda self: self.delivered + max(self.refunded, 0) < self.ordered)
    @rule()
    def deliver(self) -> None:
        self.delivered += 1

    @invariant()
    def never_more_is_held_than_was_delivered(self) -> None:
        if hasattr(self, "order"):
            assert self.free() >= 0


def test_over_any_history_no_more_is_taken_than_there_is(shop: Shop) -> None:
    History.shop = shop
    quiet = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    steps = settings(max_examples=40, stateful_step_count=15, suppress_health_check=quiet)
    run_state_machine_as_test(History, settings=steps)
