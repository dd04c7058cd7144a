"""Who asks: the context of every resolver."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo

from devstore.payloads import View
from devstore.records import BulkOperation, Job, Order, Shop
from devstore.state import State
from devstore.uploads import Uploads
from devstore.webhooks import grants

ORDERS_WINDOW_DAYS = 60


@dataclass(frozen=True)
class Caller:
    """One app token in one shop. In a bulk operation connections need no page size. central: the store's address.
    language: of the names that Shopify translates.
    """

    view: View
    scopes: list[str]
    central: str
    now: datetime
    language: str = "en"
    uploads: Uploads = field(default_factory=Uploads)
    online: bool = False
    bulk: bool = False
    start_bulk: Callable[[BulkOperation, bool], None] = lambda operation, grouped: None
    start_job: Callable[[Job, Callable[[], None]], None] = lambda job, deed: None

    @property
    def state(self) -> State:
        return self.view.state

    @property
    def shop(self) -> Shop:
        return self.view.shop

    def may(self, scope: str) -> bool:
        return grants(self.scopes, scope)

    def sees(self, order: Order) -> bool:
        """Without read_all_orders an order older than 60 days does not exist."""
        young = (self.now - order.created_at).days < ORDERS_WINDOW_DAYS
        return order.shop == self.shop.domain and (young or self.may("read_all_orders"))


Info = GraphQLResolveInfo[Any]


def caller(info: Info) -> Caller:
    found: Caller = info.context
    return found


def refuse(message: str, code: str, **more: object) -> GraphQLError:
    """An error with Shopify's extensions.code."""
    return GraphQLError(message, extensions={"code": code, **more})
