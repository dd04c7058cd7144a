"""The block with a product's stars, as a storefront renders it."""

import json
import re
from typing import Any

import pytest
from liquid import Environment

from tests.setup.node import ROOT

FOLDER = ROOT / "extensions/tracking-link"
HOSTILE = '</script><script>alert(1)</script> "it\'s" & {{ shop }} <!--'


def rendered(*, stars: Any = None, count: Any = None, is_editor: bool = False, **settings: Any) -> str:
    """`stars` and `count`: what the metafields reviews.rating and reviews.rating_count hold."""
    texts = json.loads((FOLDER / "locales/en.default.json").read_text())
    liquid = Environment()
    liquid.add_filter("t", lambda path, **_: texts[path.partition(".")[0]][path.partition(".")[2]])
    liquid.add_filter("json", lambda value: json.dumps(value, ensure_ascii=False))
    rating = {"value": {"rating": stars, "scale_max": "5.0"} if stars else None}
    product = {
        "title": HOSTILE,
        "handle": "reading-lamp",
        "url": "/products/reading-lamp",
        "metafields": {"reviews": {"rating": rating, "rating_count": {"value": count}}},
    }
    block = {"settings": {"for_search": True, "product": product} | settings, "shopify_attributes": 'data-block="1"'}
    source = (FOLDER / "blocks/product-reviews.liquid").read_text().partition("{% schema %}")[0]
    about = {"block": block, "request": {"design_mode": is_editor}, "shop": {"url": "https://lumen-goods.example"}}
    return liquid.from_string(source).render(**about)


def test_the_stars_show_with_the_way_to_every_review() -> None:
    html = rendered(stars="4.56", count=12)
    assert "★★★★★" in html and "4.6" in html and "(12)" in html
    assert 'href="/apps/aftercare/reviews/reading-lamp"' in html and "Reviews by buyers" in html


def test_search_engines_read_the_sum_and_nothing_breaks_out() -> None:
    html = rendered(stars="4.2", count=3)
    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    told = json.loads(script)
    assert (told["@type"], told["name"]) == ("Product", HOSTILE)
    assert (told["aggregateRating"]["ratingValue"], told["aggregateRating"]["reviewCount"]) == (4.2, 3)
    assert html.count("<script") == html.count("</script>") == 1


@pytest.mark.parametrize(("stars", "count"), [(None, None), ("4.0", None), (None, 3), ("0", 0)])
def test_without_stars_only_the_way_is_shown(stars: Any, count: Any) -> None:
    html = rendered(stars=stars, count=count)
    assert "★" not in html and "ld+json" not in html
    assert "/reviews/reading-lamp" in html


def test_a_theme_that_tells_search_engines_itself_is_left_to_it() -> None:
    assert "ld+json" not in rendered(stars="4.2", count=3, for_search=False)


def test_a_merchant_sees_in_the_editor_that_a_product_is_missing() -> None:
    assert "Choose a product" in rendered(product=None, is_editor=True)
    assert rendered(product=None).strip() == ""
