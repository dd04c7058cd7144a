"""Where is my order? The look-up, the page of one order, the link by mail."""

from flask import Blueprint

from shopify_app.tracking import models as models

blueprints: tuple[Blueprint, ...] = ()
