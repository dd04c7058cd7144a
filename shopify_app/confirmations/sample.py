"""What a confirmation looks like."""

from shopify_app.confirmations import letter
from shopify_app.mail.outbox import Mail
from shopify_app.orders import sample
from shopify_app.shopify.models import Shop


def preview(shop: Shop) -> Mail:
    """The confirmation in the shop's own language. Its link leads to the look-up."""
    return letter.write(shop, sample.whole(shop), shop.storefront + shop.proxy_path)
