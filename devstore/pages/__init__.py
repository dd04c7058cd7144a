"""What people see and click: thin pages over the store's records and deeds."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from jinja2 import StrictUndefined

from devstore.pages import account, admin, cdn, checkout, index, mailbox, orders, panel, uploads
from devstore.pages import storefront as shopfront


def central() -> list[Blueprint]:
    """For the central site: start page, admin, control panel, mailbox, CDN, uploads."""
    return [index.blueprint, cdn.blueprint, admin.blueprint, panel.blueprint, mailbox.blueprint, uploads.blueprint]


def storefront() -> list[Blueprint]:
    """For each shop's own site. A function each time: one blueprint is registered in several apps."""
    return [shopfront.blueprint, checkout.blueprint, orders.blueprint, account.blueprint]


def _strictly(state: BlueprintSetupState) -> None:
    """A template that names what nobody gave it fails, rather than showing nothing."""
    state.app.jinja_env.undefined = StrictUndefined


index.blueprint.record(_strictly)
shopfront.blueprint.record(_strictly)
