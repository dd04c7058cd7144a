"""Photos of what is wrong with a thing: callers need to know this module only."""

from shopify_app.returns.photos.keeping import (
    BUYER,
    add,
    address,
    addressed,
    attach,
    drop,
    keep,
    keyed,
    of_draft,
    of_request,
    tidy,
)

__all__ = (
    "BUYER",
    "add",
    "address",
    "addressed",
    "attach",
    "drop",
    "keep",
    "keyed",
    "of_draft",
    "of_request",
    "tidy",
)
