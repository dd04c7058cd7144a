"""A shop's brand: what is kept can be read, by day and in the dark."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from shopify_app.mail import brand, logos
from shopify_app.mail.brand import NIGHT, READABLE, VISIBLE, WHITE, Brand, Unclear, contrast
from shopify_app.shopify.models import Shop

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#ffffff", "#ffffff", 1.0)],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


@given(colours, colours)
def test_whatever_is_kept_can_be_read_in_the_light_and_in_the_dark(ground: str, text: str) -> None:
    try:
        kept = brand.read({"button": ground, "button_text": text, "link": text}, Brand())
    except Unclear:
        return
    assert contrast(kept.button, kept.button_text) >= READABLE
    assert contrast(kept.link, WHITE) >= READABLE
    assert contrast(kept.night_link, NIGHT) >= READABLE
    assert contrast(*kept.night_button) >= READABLE
    assert contrast(kept.night_button[0], NIGHT) >= VISIBLE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("button", "red"),
        ("button", "#fff"),
        ("button", "#123456;}"),
        ("button_text", "#18191e"),
        ("link", "#ffee00"),
        ("logo", "http://a.example/x.png"),
        ("logo", "javascript:alert(1)"),
        ("logo_width", "9"),
        ("logo_width", "٤٠"),
        ("logo_width", ""),
        ("font", "Comic Sans; }"),
        ("address", "x" * 501),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(field: str, value: str) -> None:
    with pytest.raises(Unclear) as unclear:
        brand.read({field: value}, Brand())
    assert field in unclear.value.errors


def picture(kind: str, size: tuple[int, int] = (900, 300)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "#7a1f5c").save(made, kind)
    return made.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_logo_is_made_anew_small_and_once(shop: Shop, other_shop: Shop, kind: str) -> None:
    digest = logos.keep(shop, picture(kind))
    assert logos.keep(shop, picture(kind)) == digest
    content = logos.find(shop.domain, digest)
    assert content is not None
    with Image.open(io.BytesIO(content)) as kept:
        assert kept.format == "PNG"
        assert kept.size == (640, 213)
    assert logos.find(other_shop.domain, digest) is None


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg onload='x'/>", b"\x89PNG\r\n\x1a\n" + b"x" * 90, picture("BMP"), b"x" * (logos.MOST_BYTES + 1)],
    ids=["nothing", "svg", "broken", "bmp", "large"],
)
def test_what_is_no_logo_is_refused(shop: Shop, content: bytes) -> None:
    with pytest.raises(logos.Unfit):
        logos.keep(shop, content)


def test_a_picture_that_would_fill_the_memory_is_refused(shop: Shop) -> None:
    with pytest.raises(logos.Unfit):
        logos.keep(shop, picture("PNG", (20_000, 1_000)))
