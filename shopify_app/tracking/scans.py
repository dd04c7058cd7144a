"""What carriers say of a parcel, and what it means for its buyer."""

import re
from typing import Literal, NamedTuple

from shopify_app.language import words
from shopify_app.orders.models import ParcelEvent

State = Literal["paid", "packing", "moving", "arrived", "problem"]

Situation = Literal[
    "packed",
    "sent",
    "moving",
    "customs",
    "out",
    "waiting",
    "delayed",
    "attempted",
    "held",
    "failed",
    "returning",
    "arrived",
    "collected",
    "uncollected",
    "silent",
    "late",
]
"""What there is to say of a parcel; sentence.py has the words. The last three are what nobody scans: see delays.py."""


class Scan(NamedTuple):
    """What a carrier's status says of its parcel."""

    state: State
    situation: Situation
    words: str


SCANS = {
    "label_purchased": Scan("packing", "packed", words("The shipping label has been bought")),
    "label_printed": Scan("packing", "packed", words("The shipping label has been printed")),
    "label_voided": Scan("packing", "packed", words("The shipping label has been withdrawn")),
    "submitted": Scan("packing", "packed", words("The parcel has been announced to the carrier")),
    "confirmed": Scan("packing", "packed", words("The carrier expects the parcel")),
    "fulfilled": Scan("moving", "sent", words("The parcel has been sent")),
    "marked_as_fulfilled": Scan("moving", "sent", words("The parcel has been sent")),
    "carrier_picked_up": Scan("moving", "moving", words("The carrier has the parcel")),
    "in_transit": Scan("moving", "moving", words("On its way")),
    "out_for_delivery": Scan("moving", "out", words("Out for delivery")),
    "ready_for_pickup": Scan("moving", "waiting", words("Ready for pickup")),
    "ready_for_recipient_pickup": Scan("moving", "waiting", words("Ready for pickup")),
    "delayed": Scan("problem", "delayed", words("Delayed")),
    "attempted_delivery": Scan("problem", "attempted", words("The carrier tried to deliver")),
    "buyer_action_required": Scan("problem", "held", words("The carrier needs something from you")),
    "returning_to_sender": Scan("problem", "returning", words("On its way back to the sender")),
    "not_delivered": Scan("problem", "failed", words("Could not be delivered")),
    "failure": Scan("problem", "failed", words("Could not be delivered")),
    "delivered": Scan("arrived", "arrived", words("Delivered")),
    "picked_up": Scan("arrived", "collected", words("Picked up")),
}
"""Shopify's words, those of parcel events (also those that its next version announces) and those of shipments."""
SENT = SCANS["fulfilled"]
"""A shipment of which no carrier has told us anything yet: the merchant has sent it."""
UNKNOWN = words("News from the carrier")
CUSTOMS = Scan("moving", "customs", words("With customs"))
RETURNING = SCANS["returning_to_sender"]
TOLD = (
    (CUSTOMS, re.compile(r"\bcustoms?\b|\bdouan|\bzoll(?:\b|amt|abf|kontr|beh)|\baduan", re.IGNORECASE)),
    (
        RETURNING,
        re.compile(r"return\w* to (the )?sender|retour\w* à l.exp|an (den )?absender|al remitente", re.IGNORECASE),
    ),
)
"""What Shopify has no word for, carriers write into the message of an event, in one of our languages."""
CLEARED = re.compile(r"clear|released|libér|dédouan|abgeschlossen|freigegeben|despachad|liberad", re.IGNORECASE)
"""Customs have let it go."""


def read(event: ParcelEvent) -> Scan | None:
    """None for a status that we do not know: it is shown, but decides nothing."""
    scan = SCANS.get(event.status)
    if scan is None or scan.state == "arrived":
        return scan
    message = event.place.get("message") or ""
    for told, pattern in TOLD:
        if pattern.search(message) and not (told is CUSTOMS and CLEARED.search(message)):
            return told
    return scan
