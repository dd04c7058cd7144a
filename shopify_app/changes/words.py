"""What a buyer reads of a request, by its kind and how things stand."""

from collections.abc import Mapping

from shopify_app.changes.models import ADDRESS, CANCEL
from shopify_app.language import words

PATHS: Mapping[str, str] = {CANCEL: "cancellation", ADDRESS: "address"}
"""Below the address of the order's page."""
KINDS: Mapping[str, str] = {path: kind for kind, path in PATHS.items()}
DOORS: Mapping[str, str] = {CANCEL: words("Cancel the order"), ADDRESS: words("Correct the delivery address")}

Text = Mapping[tuple[str, str], str]
"""Kind and standing → sentence."""

NOTES: Text = {
    (CANCEL, "asked"): words("We have your request to cancel and answer soon."),
    (CANCEL, "confirmed"): words("Your order is being cancelled."),
    (CANCEL, "declined"): words("We could not cancel this order. Please write to us if you have questions."),
    (ADDRESS, "asked"): words("We have your new address and answer soon."),
    (ADDRESS, "confirmed"): words("Your delivery address is being changed."),
    (ADDRESS, "declined"): words("We could not change the delivery address. Please write to us if you have questions."),
}
"""On the order's page, and on the request's own."""
REASONS: Text = {
    (CANCEL, "off"): words("Orders of this shop cannot be cancelled here. Please write to us."),
    (CANCEL, "cancelled"): words("This order is cancelled."),
    (CANCEL, "sent"): words("This order has been sent, so it cannot be cancelled any more. Please write to us."),
    (ADDRESS, "off"): words("Addresses cannot be corrected here. Please write to us."),
    (ADDRESS, "cancelled"): words("This order is cancelled, so nothing will be delivered."),
    (ADDRESS, "sent"): words(
        "This order has been sent, so its address cannot be changed any more. Please write to us."
    ),
    (ADDRESS, "nowhere"): words("Nothing of this order is delivered to an address."),
}
"""Why it cannot be asked for."""
CHANGED = words("Your delivery address was corrected.")
"""Beside the door, once an address was taken over."""
