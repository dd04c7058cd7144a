"""By which words a text names somebody."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopify_app.privacy import words


@pytest.mark.parametrize(
    "text",
    [
        "ann@example.com",
        "ANN@Example.COM",
        "Ann Example <ann@example.com>",
        "'ann@example.com'",
        "write to ann@example.com.",
        "https://shop.example/recover?email=ann@example.com&x=1",
        "https://shop.example/recover?email=ann%40example.com",
        "mailto:ann@example.com",
        "ａｎｎ@example.com",
    ],
)
def test_an_address_is_known_however_it_stands_in_a_text(text: str) -> None:
    assert "email:ann@example.com" in words.of_content({"note": text})


@pytest.mark.parametrize("text", ["joann@example.com", "ann@example.com.au", "ann@examples.com", "o'ann@example.com"])
def test_a_neighbours_address_is_not_taken_for_it(text: str) -> None:
    assert "email:ann@example.com" not in words.of_content({"note": text})


@pytest.mark.parametrize("text", ["+33612345678", "06 12 34 56 78", "0033 6 12 34 56 78", "+33 (0)6.12.34.56.78"])
def test_a_telephone_is_known_however_it_is_written(text: str) -> None:
    assert "phone:12345678" in words.of_content({"phone": text})


def test_a_telephone_beside_an_address_tells_nothing() -> None:
    assert words.of_content({"phone": "+33612345678", "email": "b@example.com"}) == {"email:b@example.com"}


@pytest.mark.parametrize(
    ("topic", "body", "said"),
    [
        ("orders/create", {"id": 5, "line_items": [{"id": 6}], "customer": {"id": 7}}, {"order:5", "customer:7"}),
        ("orders/delete", {"id": 5}, {"order:5"}),
        ("customers/update", {"id": 7, "default_address": {"id": 8, "customer_id": 7}}, {"customer:7"}),
        ("fulfillments/create", {"id": 5, "order_id": 9}, {"order:9"}),
        ("orders/edited", {"order_edit": {"id": 1, "order_id": "9"}}, {"order:9"}),
        ("returns/update", {"id": 5, "order": {"id": 9}}, {"order:9"}),
        ("returns/update", {"order": {"admin_graphql_api_id": "gid://shopify/Order/9"}}, {"order:9"}),
        ("customers/redact", {"customer": {"id": 7}, "orders_to_redact": [1, 2]}, {"customer:7", "order:1", "order:2"}),
        ("products/update", {"id": 5, "vendor": "gid://shopify/Product/5"}, set()),
        ("checkouts/create", {"id": 5, "token": "t"}, set()),
    ],
)
def test_a_number_is_an_orders_or_a_customers_only_where_shopify_says_so(
    topic: str, body: object, said: set[str]
) -> None:
    assert words.of_body(json.dumps(body).encode(), topic) == said


def test_a_broken_body_is_read_as_loosely_as_can_be() -> None:
    said = words.of_body(b'{"id": 4711, "note": "x\\nann@example.com", "mail": "bob\\u0040example.com', "orders/create")
    assert {"order:4711", "customer:4711", "email:ann@example.com", "email:bob@example.com"} <= said


def test_a_body_as_deep_as_json_allows_is_read_to_its_end() -> None:
    deep = b'{"a":' * 50_000 + b'"ann@example.com"' + b"}" * 50_000
    assert "email:ann@example.com" in words.of_body(deep, "orders/create")


@given(st.binary(max_size=300))
def test_any_bytes_can_be_read(body: bytes) -> None:
    words.of_body(body, "orders/create")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


@given(JSON, st.sampled_from(["ann@example.com", "+33612345678"]))
def test_wherever_in_a_body_somebody_stands_they_are_found(around: object, name: str) -> None:
    word = words.of_content(name)
    body = json.dumps({"deep": [around, {"x": {"y": name}}]}).encode()
    found = words.of_body(body, "orders/create")
    assert word <= found or any(one.startswith("email:") for one in found)


@pytest.mark.parametrize(
    "word", ["x" * 2_000_000, "@" * 200_000, "1" * 2_000_000, "1" + " " * 2_000_000, "a@" * 100_000]
)
def test_a_megabyte_of_one_word_is_read_in_a_moment(word: str) -> None:
    """Not in the square of its length: an erasure waits for each body it reads."""
    for body in (json.dumps({"note": word, "email": "ann@example.com"}), '{"broken": "ann@example.com ' + word):
        began = time.process_time()
        assert "email:ann@example.com" in words.of_body(body.encode(), "orders/create")
        assert time.process_time() - began < 5
