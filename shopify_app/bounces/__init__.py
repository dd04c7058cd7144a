"""Mail that came back, and complaints about it: whoever tells, one effect."""

from shopify_app.bounces.effect import came_back
from shopify_app.bounces.routes import routes

__all__ = ("blueprints", "came_back")

blueprints = (routes,)
"""Where mail providers tell."""
