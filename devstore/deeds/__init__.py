"""What may happen in a shop. Every deed takes the state first, changes records and tells what Shopify would send.

`at` is when it happened, None = now on the store's clock; seeds write history with it.
"""

from devstore.deeds.app import grant, install, uninstall
from devstore.deeds.buyers import (
    add_customer,
    delete_customer,
    edit_consent,
    edit_sms_consent,
    request_data,
    request_redact,
    request_shop_redact,
    update_customer,
)
from devstore.deeds.catalogue import add_product, add_shop, delete_product, update_product, update_shop
from devstore.deeds.checkouts import begin_checkout, complete, delete_checkout, update_checkout
from devstore.deeds.orders import (
    archive,
    cancel,
    delete_order,
    edit_lines,
    pay,
    place_order,
    request_link,
    update_order,
)
from devstore.deeds.parcels import SCANS, cancel_fulfillment, delete_scan, fulfil, scan, update_tracking
from devstore.deeds.refunds import refund
from devstore.deeds.returns import (
    approve_return,
    cancel_return,
    close_return,
    decline_return,
    reopen_return,
    request_return,
)

__all__ = [
    "SCANS",
    "add_customer",
    "add_product",
    "add_shop",
    "approve_return",
    "archive",
    "begin_checkout",
    "cancel",
    "cancel_fulfillment",
    "cancel_return",
    "close_return",
    "complete",
    "decline_return",
    "delete_checkout",
    "delete_customer",
    "delete_order",
    "delete_product",
    "delete_scan",
    "edit_consent",
    "edit_lines",
    "edit_sms_consent",
    "fulfil",
    "grant",
    "install",
    "pay",
    "place_order",
    "refund",
    "reopen_return",
    "request_data",
    "request_link",
    "request_redact",
    "request_return",
    "request_shop_redact",
    "scan",
    "uninstall",
    "update_checkout",
    "update_customer",
    "update_order",
    "update_product",
    "update_shop",
    "update_tracking",
]
