"""Which scope opens which type, from the `requiredAccess` of the real 2026-10 customer schema."""

ORDERS = ("customer_read_orders",)
CUSTOMERS = ("customer_read_customers",)

NEEDS = {
    "CalculatedReturn": ORDERS,
    "CalculatedReturnLineItem": ORDERS,
    "Customer": CUSTOMERS,
    "CustomerEmailAddress": CUSTOMERS,
    "Fulfillment": ORDERS,
    "FulfillmentEvent": ORDERS,
    "FulfillmentLineItem": ORDERS,
    "LineItem": ORDERS,
    "NonReturnableLineItem": ORDERS,
    "NonReturnableQuantityDetail": ORDERS,
    "Order": ORDERS,
    "OrderNonReturnableSummary": ORDERS,
    "OrderReturnInformation": ORDERS,
    "Return": ORDERS,
    "ReturnFee": ORDERS,
    "ReturnFinancialSummary": ORDERS,
    "ReturnLineItem": ORDERS,
    "ReturnLineItemType": ORDERS,
    "ReturnReasonDefinition": ORDERS,
    "ReturnRestockingFee": ORDERS,
    "ReturnShippingFee": ORDERS,
    "ReturnableLineItem": ORDERS,
    "TrackingInformation": ORDERS,
}
