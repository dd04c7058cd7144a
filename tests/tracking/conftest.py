from tests.buyers import fresh_limits, mailbox, storefront, tell

__all__ = ("fresh_limits", "mailbox", "storefront", "tell")
