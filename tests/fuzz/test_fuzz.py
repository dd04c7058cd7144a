"""Nothing that somebody sends makes the app fail, or tell one shop about another.

This is a slice; `python -m tests.fuzz --count 100000` is the whole.
"""

import json
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devstore import signing
from shopify_app.shopify import session_token, signature
from shopify_app.webhooks import topics
from tests.faults.ground import SECRET
from tests.fuzz import campaign
from tests.fuzz.calls import KEY
from tests.fuzz.stock import LUMEN
from tests.fuzz.world import World

SLICE = 2_000

words = st.text(max_size=40)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)
NAMES = """
id order_id fulfillment_id token checkout_token customer email phone created_at updated_at happened_at name currency
line_items fulfillments refunds transactions shipping_address status locale shop_domain admin_graphql_api_id
"""
bodies = st.dictionaries(st.sampled_from(NAMES.split()), values, max_size=8) | values
unhurried = settings(max_examples=60, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("seed", [1])
def test_no_mutated_call_breaks_the_app_or_shows_another_shop(played: World, seed: int) -> None:
    tally = campaign.run(played, SLICE, seed)
    assert not tally.broken, "\n\n".join(f"{what}\n{story}" for what, story in tally.broken.items())
    for kind in ("webhook", "proxy", "merchant", "account", "auth"):
        reached = sum(times for (whose, code), times in tally.statuses.items() if whose == kind and code < 400)
        assert reached, f"no {kind} call came through: the slice tests nothing"


@unhurried
@given(topic=st.sampled_from(sorted(topics.HANDLERS)), body=bodies)
def test_every_body_is_stored_and_comes_to_an_end(played: World, topic: str, body: Any) -> None:
    raw = json.dumps(body).encode()
    headers = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Shop-Domain": LUMEN,
        "X-Shopify-Webhook-Id": str(uuid.uuid4()),
        "X-Shopify-Hmac-Sha256": signing.webhook(SECRET, raw),
    }
    assert played.app.test_client().post("/webhooks", data=raw, headers=headers).status_code == 200
    played.work()
    assert played.undone() == 0
    played.mend()


@given(query=st.text(max_size=200), now=st.floats(0, 4e9))
def test_no_unsigned_query_is_taken_for_the_storefront(query: str, now: float) -> None:
    assert signature.proxy(query, (SECRET,), now) is None


@given(pairs=st.lists(st.tuples(words, words), max_size=6), now=st.floats(0, 4e9))
def test_no_unsigned_query_is_taken_for_an_install(pairs: list[tuple[str, str]], now: float) -> None:
    assert signature.query(pairs, (SECRET,), now) is None


@given(body=st.binary(max_size=200), header=st.none() | words)
def test_no_unsigned_body_is_taken_for_a_webhook(body: bytes, header: str | None) -> None:
    assert not signature.webhook(body, header, (SECRET,))


@given(token=words | st.lists(words, min_size=3, max_size=3).map(".".join))
def test_no_text_is_taken_for_a_token(token: str) -> None:
    for read in (session_token.merchant, session_token.buyer):
        with pytest.raises(session_token.TokenError):
            read(token, KEY, (SECRET,))
