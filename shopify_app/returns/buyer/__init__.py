"""The buyer's ways to a return: on the order's page, in the portal, in the customer account."""
