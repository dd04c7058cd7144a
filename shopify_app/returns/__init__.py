"""What buyers send back: asked for, decided, received, refunded."""

from shopify_app.returns import models as models
from shopify_app.returns.policy_admin import policy

__all__ = ("blueprints",)

blueprints = (policy,)
