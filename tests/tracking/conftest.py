from tests.buyers import configure, mailbox, storefront, tell

__all__ = ("configure", "mailbox", "storefront", "tell")
