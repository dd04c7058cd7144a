"""Which customer asks: the context of every resolver of the Customer Account API."""

from dataclasses import dataclass

from devstore.graphql.caller import Caller, Info
from devstore.records import Customer, Order


@dataclass(frozen=True, kw_only=True)
class Visitor(Caller):
    """One customer, through the app. `scopes` are the app's; what they open is this customer's own and nothing else."""

    customer: Customer

    def sees(self, order: Order) -> bool:
        """However old: a customer's own orders are not held to sixty days."""
        return order.shop == self.shop.domain and order.customer_id == self.customer.id


def visitor(info: Info) -> Visitor:
    found: Visitor = info.context
    return found


def order_of(info: Info, id: int) -> Order | None:
    """None for one that is not there, and for one of somebody else's."""
    found = visitor(info).state.orders.get(id)
    return found if found is not None and visitor(info).sees(found) else None
