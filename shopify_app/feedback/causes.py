"""Why something was wrong, in words that buyers and staff choose from."""

from collections.abc import Mapping

from shopify_app.language import words

CAUSES: Mapping[str, str] = {
    "late": words("It came too late"),
    "damaged": words("Something is damaged or does not work"),
    "missing": words("Something is missing"),
    "other_item": words("I got something else"),
    "size": words("The size does not fit"),
    "unlike": words("It is not as described"),
    "other": words("Something else"),
}
"""Code → as the buyer reads it."""
