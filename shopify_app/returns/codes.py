"""The short code of a return, as it stands on its packing slip: scanned, typed or read aloud where parcels are opened.

Nothing is stored. The code is the return's number, mixed with our key in a Feistel network: it tells neither how many
returns there are nor the code of the next one, and unmixing finds the return again. It opens nothing by itself.
"""

import hmac

from shopify_app import secrets
from shopify_app.shopify.models import Shop

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which are mistaken for other signs."""
LENGTH = 8
HALF = 20
"""Bits: two halves make eight signs of five bits each."""
ROUNDS = 4


def code(shop: Shop, request_id: int) -> str:
    """As in "K7MX-2PQ9"."""
    left, right = divmod(request_id, 1 << HALF)
    for turn in range(ROUNDS):
        left, right = right, left ^ _mask(shop, turn, right)
    mixed = (left << HALF) + right
    signs = "".join(SIGNS[mixed >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return f"{signs[:4]}-{signs[4:]}"


def number(shop: Shop, typed: str) -> int | None:
    """The request's number, in whatever case and grouping the code was typed; None for what is no code. Whether there
    is such a request is another matter.
    """
    signs = [sign for sign in typed.upper() if sign not in " -"]
    if len(signs) != LENGTH or not all(sign in SIGNS for sign in signs):
        return None
    mixed = 0
    for sign in signs:
        mixed = (mixed << 5) + SIGNS.index(sign)
    left, right = divmod(mixed, 1 << HALF)
    for turn in reversed(range(ROUNDS)):
        left, right = right ^ _mask(shop, turn, left), left
    return (left << HALF) + right


def _mask(shop: Shop, turn: int, half: int) -> int:
    digest = hmac.digest(secrets.box().derive("returns/codes"), f"{shop.id}/{turn}/{half}".encode(), "sha256")
    return int.from_bytes(digest[:4]) % (1 << HALF)
