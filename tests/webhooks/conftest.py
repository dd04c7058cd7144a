from tests.buyers import storefront

__all__ = ("storefront",)
