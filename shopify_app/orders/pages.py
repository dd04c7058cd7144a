"""What Shopify tells page by page, read to its end."""

from typing import Any

from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.models import Shop

Node = dict[str, Any]


def complete(api: AdminApi, name: str, gid: str, connection: Node) -> None:
    """Read the pages behind the first one, by a document that takes id and after."""
    page = connection
    while page["pageInfo"]["hasNextPage"]:
        page = api.run(name, id=gid, after=page["pageInfo"]["endCursor"])["part"]["page"]
        connection["nodes"] += page["nodes"]


def whole_return(shop: Shop, return_id: int) -> Node | None:
    """With all its lines, however many; None when Shopify shows us no such return."""
    gid = f"gid://shopify/Return/{return_id}"
    api = AdminApi(shop)
    node: Node | None = api.run("orders/return", id=gid)["return"]
    if node is None:
        return None
    complete(api, "orders/return_lines", gid, node["returnLineItems"])
    complete(api, "orders/return_exchanges", gid, node["exchangeLineItems"])
    complete(api, "orders/return_refunds", gid, node["refunds"])
    for expected in node["reverseFulfillmentOrders"]["nodes"]:
        complete(api, "orders/return_expected", expected["id"], expected["lineItems"])
    return node
