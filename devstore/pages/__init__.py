"""What people see and click: thin pages over the store's records and deeds."""

from flask import Blueprint

from devstore.pages import account, admin, cdn, checkout, index, mailbox, orders, panel
from devstore.pages import storefront as shopfront


def central() -> list[Blueprint]:
    """For the central site: start page, admin, control panel, mailbox, CDN."""
    return [index.blueprint, cdn.blueprint, admin.blueprint, panel.blueprint, mailbox.blueprint]


def storefront() -> list[Blueprint]:
    """For each shop's own site. A function each time: one blueprint is registered in several apps."""
    return [shopfront.blueprint, checkout.blueprint, orders.blueprint, account.blueprint]
