"""Which scope opens which type, from the `requiredAccess` of the real 2026-10 schema."""

from graphql import GraphQLNamedType

from devstore.graphql.caller import Caller, refuse

ORDERS = ("read_orders",)
PRODUCTS = ("read_products",)
CUSTOMERS = ("read_customers",)
RETURNS = ("read_returns",)
LOCATIONS = ("read_locations", "read_inventory")
PICTURES = ("read_products", "read_files", "read_themes", "read_orders", "read_draft_orders", "read_images")

NEEDS = {
    "AbandonedCheckout": ORDERS,
    "AbandonedCheckoutLineItem": ORDERS,
    "DiscountCodeNode": ("read_discounts",),
    "Duty": ORDERS,
    "Fulfillment": ORDERS,
    "FulfillmentEvent": ORDERS,
    "FulfillmentLineItem": ORDERS,
    "FulfillmentTrackingInfo": ORDERS,
    "LineItem": ORDERS,
    "Order": ORDERS,
    "OrderCancelUserError": ORDERS,
    "OrderTransaction": ORDERS,
    "Refund": ORDERS,
    "RefundDuty": ORDERS,
    "RefundLineItem": ORDERS,
    "RefundShippingLine": ORDERS,
    "ShippingRefund": ORDERS,
    "SuggestedOrderTransaction": ORDERS,
    "SuggestedRefundMethod": ORDERS,
    "SuggestedStoreCreditRefund": ORDERS,
    "Customer": CUSTOMERS,
    "CustomerEmailAddress": CUSTOMERS,
    "CustomerPhoneNumber": CUSTOMERS,
    "CustomerSmsMarketingConsent": CUSTOMERS,
    "Collection": PRODUCTS,
    "Product": PRODUCTS,
    "ProductVariant": PRODUCTS,
    "Location": LOCATIONS,
    "GenericFile": PICTURES,
    "Media": PICTURES,
    "MediaImage": PICTURES,
    "MediaPreviewImage": ("read_products", "read_files", "read_images"),
    "CalculatedExchangeLineItem": RETURNS,
    "CalculatedRestockingFee": RETURNS,
    "CalculatedReturn": RETURNS,
    "CalculatedReturnFee": RETURNS,
    "CalculatedReturnLineItem": RETURNS,
    "CalculatedReturnShippingFee": RETURNS,
    "ExchangeLineItem": RETURNS,
    "Fee": RETURNS,
    "InvoiceReturnOutcome": RETURNS,
    "RefundReturnOutcome": RETURNS,
    "RestockingFee": RETURNS,
    "Return": RETURNS,
    "ReturnDecline": RETURNS,
    "ReturnLineItem": RETURNS,
    "ReturnLineItemType": RETURNS,
    "ReturnOutcomeFinancialTransfer": RETURNS,
    "ReturnReasonDefinition": RETURNS,
    "ReturnShippingFee": RETURNS,
    "ReturnableFulfillment": RETURNS,
    "ReturnableFulfillmentLineItem": RETURNS,
    "ReverseDelivery": RETURNS,
    "ReverseDeliveryDeliverable": RETURNS,
    "ReverseDeliveryLabelV2": RETURNS,
    "ReverseDeliveryLineItem": RETURNS,
    "ReverseDeliveryShippingDeliverable": RETURNS,
    "ReverseDeliveryTrackingV2": RETURNS,
    "ReverseFulfillmentOrder": RETURNS,
    "ReverseFulfillmentOrderDisposition": RETURNS,
    "ReverseFulfillmentOrderLineItem": RETURNS,
    "SuggestedReturnFinancialOutcome": RETURNS,
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
