"""Photos that buyers and staff take: made anew, kept sealed, shown to those whom their feature names."""

from shopify_app.photos.files import Gone, Unreachable
from shopify_app.photos.keeping import (
    MOST,
    MOST_BYTES,
    PURPOSE,
    UNFIT,
    UNKEPT,
    Kept,
    Print,
    Unfit,
    develop,
    jpeg,
    kinds,
    made_anew,
    picture,
    reseal,
    sweep,
)

__all__ = (
    "MOST",
    "MOST_BYTES",
    "PURPOSE",
    "UNFIT",
    "UNKEPT",
    "Gone",
    "Kept",
    "Print",
    "Unfit",
    "Unreachable",
    "develop",
    "jpeg",
    "kinds",
    "made_anew",
    "picture",
    "reseal",
    "sweep",
)
