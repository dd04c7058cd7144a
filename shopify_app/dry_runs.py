"""What a merchant has to see before something goes on: the page of a dry run holds a dated proof that it was shown."""

from itsdangerous import BadSignature

from shopify_app.secrets import dated

SECONDS = 86_400
"""For how long the proof holds."""


def proof(name: str, shop_id: int) -> str:
    """Goes with the page that shows it: whoever brings it back has seen it."""
    return str(dated(f"{name} dry run").dumps(shop_id))


def is_seen(name: str, shop_id: int, given: str) -> bool:
    try:
        return bool(dated(f"{name} dry run").loads(given, max_age=SECONDS) == shop_id)
    except BadSignature:
        return False
