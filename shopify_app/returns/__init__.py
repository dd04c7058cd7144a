"""What buyers send back: asked for, decided, received, refunded."""

from flask import Blueprint

from shopify_app.returns import models as models

__all__ = ("blueprints",)

blueprints: tuple[Blueprint, ...] = ()
