"""Which scope opens which type, from the `requiredAccess` of the real 2026-10 schema."""

from graphql import GraphQLNamedType

from devstore.graphql.caller import Caller, refuse

ORDERS = ("read_orders",)
PRODUCTS = ("read_products",)
CUSTOMERS = ("read_customers",)
RETURNS = ("read_returns",)
PICTURES = ("read_products", "read_files", "read_themes", "read_orders", "read_draft_orders", "read_images")

NEEDS = {
    "Order": ORDERS,
    "LineItem": ORDERS,
    "Fulfillment": ORDERS,
    "FulfillmentEvent": ORDERS,
    "FulfillmentLineItem": ORDERS,
    "FulfillmentTrackingInfo": ORDERS,
    "OrderCancelUserError": ORDERS,
    "Refund": ORDERS,
    "RefundLineItem": ORDERS,
    "Customer": CUSTOMERS,
    "CustomerEmailAddress": CUSTOMERS,
    "CustomerPhoneNumber": CUSTOMERS,
    "CustomerSmsMarketingConsent": CUSTOMERS,
    "Product": PRODUCTS,
    "ProductVariant": PRODUCTS,
    "GenericFile": PICTURES,
    "Media": PICTURES,
    "MediaImage": PICTURES,
    "MediaPreviewImage": ("read_products", "read_files", "read_images"),
    "Return": RETURNS,
    "ReturnDecline": RETURNS,
    "ReturnLineItem": RETURNS,
    "ReturnLineItemType": RETURNS,
}
"""Any one of the scopes is enough."""


def needs(kind: GraphQLNamedType) -> tuple[str, ...]:
    """The scopes for a field that gives this type or a connection of it; empty when free."""
    return NEEDS.get(kind.name.removesuffix("Connection"), ())


def check(caller: Caller, scopes: tuple[str, ...], field: str) -> None:
    """ACCESS_DENIED as Shopify words it; the field becomes null."""
    if scopes and not any(caller.may(scope) for scope in scopes):
        required = " or ".join(f"`{scope}` access scope" for scope in scopes)
        raise refuse(
            f"Access denied for {field} field. Required access: {required}.",
            "ACCESS_DENIED",
            documentation="https://shopify.dev/api/usage/access-scopes",
            requiredAccess=f"{required}.",
        )
