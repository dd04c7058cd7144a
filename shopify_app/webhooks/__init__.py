"""What Shopify tells us: stored before it is answered, worked through afterwards."""

from shopify_app.webhooks.routes import mount

__all__ = ("mount",)
