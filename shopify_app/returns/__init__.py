"""What buyers send back: asked for, decided, received, refunded."""

from shopify_app.returns import models as models
from shopify_app.returns import saying as saying
from shopify_app.returns.policy_admin import policy
from shopify_app.returns.policy_page import public

__all__ = ("blueprints",)

blueprints = (policy, public)
