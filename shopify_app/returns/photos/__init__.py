"""Photos of what is wrong with a thing: callers need to know this module only."""

from shopify_app.returns.photos.files import Gone, Unreachable
from shopify_app.returns.photos.keeping import (
    MOST,
    MOST_BYTES,
    PURPOSE,
    Unfit,
    add,
    address,
    addressed,
    drop,
    jpeg,
    keep,
    keyed,
    made_anew,
    of_draft,
    of_request,
    reseal,
    tidy,
)

__all__ = (
    "MOST",
    "MOST_BYTES",
    "PURPOSE",
    "Gone",
    "Unfit",
    "Unreachable",
    "add",
    "address",
    "addressed",
    "drop",
    "jpeg",
    "keep",
    "keyed",
    "made_anew",
    "of_draft",
    "of_request",
    "reseal",
    "tidy",
)
