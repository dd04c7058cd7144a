"""Our mirror of the shop: orders with lines, shipments, parcel events, refunds and returns; customers; products."""
