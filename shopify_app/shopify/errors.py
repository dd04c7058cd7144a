"""What can go wrong when we speak to Shopify: one family, told apart by what the caller should do."""


class ShopifyError(Exception):
    """Any failure of a call to Shopify."""


class Unavailable(ShopifyError):
    """No answer, or an error of Shopify's own: try again later."""


class Throttled(ShopifyError):
    """The shop's bucket is empty: try again after `wait` seconds, which is no failure."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"throttled for {wait:.1f} s")
        self.wait = wait


class Unauthorized(ShopifyError):
    """Our tokens no longer work; the merchant must open the app."""


class Paused(ShopifyError):
    """The shop is frozen, locked, closed or gone: leave it alone for a day."""


class Refused(ShopifyError):
    """Shopify understood and said no; asking again changes nothing."""
