"""Photos come in as pictures and as nothing else, and few see them."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from PIL import Image
from PIL.Image import Exif
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from shopify_app.db import db, rest, transaction
from shopify_app.photos import MOST, MOST_BYTES, jpeg
from shopify_app.photos.keeping import SIDE
from shopify_app.returns import photos
from shopify_app.returns.models import Photo
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront
from tests.conftest import Clock
from tests.returns.buyer.conftest import Buy, Buyer, asked, photo, text


@pytest.fixture
def broken(buyer: Buyer) -> Buyer:
    """The lamp does not work, which takes a photo."""
    buyer.chooses(lamp=1)
    buyer.explains("lamp", reason="defective")
    return buyer


def sends(buyer: Buyer, *files: bytes, name: str = "IMG_1.jpg", **more: str) -> Any:
    chosen = [FileStorage(io.BytesIO(data), name) for data in files]
    boundary, body = encode_multipart({f"photo-{buyer.piece('lamp')}": chosen, **more})
    return buyer.sends("return/more", raw=body, content_type=f"multipart/form-data; boundary={boundary}")


def kept() -> list[Photo]:
    rest()
    return db.session.query(Photo).order_by(Photo.id).all()


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_photo_goes_with_the_request(broken: Buyer) -> None:
    assert "A photo of what is wrong" in text(broken.visits("return/check")), "the step before is not done"
    assert sends(broken, photo()).status_code == 200
    assert broken.agrees().status_code == 200
    assert [one.request_id for one in kept()] == [asked()[0].id]


def test_a_defect_without_a_photo_goes_no_further(broken: Buyer) -> None:
    answer = sends(broken)
    assert answer.status_code == 422
    assert "Please add a photo" in text(answer)
    assert broken.sends("return/check", {"seen": ""}).status_code == 409
    assert asked() == []


def test_only_the_pixels_are_kept(broken: Buyer) -> None:
    exif = Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "Example Phone"
    exif.get_ifd(0x8825)[1] = "N"
    sends(broken, photo(exif=exif, comment=b"Lindenweg 4", size=(400, 300)))
    shown = picture(jpeg(kept()[0].key))
    assert (shown.format, shown.size) == ("JPEG", (300, 400)), "upright"
    assert not shown.getexif()
    assert not {"comment", "exif", "icc_profile", "xmp"} & shown.info.keys()


@pytest.mark.parametrize("form", ["PNG", "WEBP", "AVIF"])
def test_what_telephones_make_becomes_a_jpeg(broken: Buyer, form: str) -> None:
    sends(broken, photo(form), name="scratch.jpg.exe")
    assert picture(jpeg(kept()[0].key)).format == "JPEG"


def test_a_large_picture_becomes_small_enough(broken: Buyer) -> None:
    sends(broken, photo(size=(6000, 3000)))
    assert (kept()[0].width, kept()[0].height) == (SIDE, SIDE // 2)


def bomb() -> bytes:
    """A few kilobytes that unfold to sixty million pixels."""
    out = io.BytesIO()
    Image.new("1", (10_000, 6_000)).save(out, "PNG", optimize=True)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<script>alert(1)</script>", "not a picture"),
        (b"%PDF-1.7 ...", "not a picture"),
        (b"GIF89a" + bytes(40), "not a picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not a picture"),
        (photo()[:200], "damaged"),
        (bomb(), "too large"),
        (photo() + bytes(MOST_BYTES), "may have 12 MB"),
    ],
    ids=["script", "pdf", "gif", "svg", "half", "bomb", "heavy"],
)
def test_nothing_else_gets_in_whatever_it_is_called(broken: Buyer, data: bytes, said: str) -> None:
    answer = sends(broken, data)
    assert answer.status_code == 422
    assert said in text(answer)
    assert kept() == []


def test_a_body_beyond_all_limits_is_not_read_and_loses_nothing(broken: Buyer) -> None:
    body = bytes((MOST + 1) * MOST_BYTES)
    answer = broken.sends("return/more", raw=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "may have 12 MB" in text(answer)
    assert "Reading lamp" in text(broken.visits("return/more"))


def test_a_good_photo_stays_beside_a_bad_one(broken: Buyer) -> None:
    assert sends(broken, photo(), b"no picture").status_code == 422
    assert len(kept()) == 1


def test_four_are_enough(broken: Buyer) -> None:
    answer = sends(broken, *[photo()] * 5)
    assert "enough photos" in text(answer)
    assert len(kept()) == MOST


def test_a_photo_can_be_taken_out_until_it_is_sent(broken: Buyer) -> None:
    sends(broken, photo(), stay="1")
    sends(broken, remove=kept()[0].key, stay="1")
    assert kept() == []
    sends(broken, photo())
    broken.agrees()
    sends(broken, remove=kept()[0].key, stay="1")
    assert len(kept()) == 1


def test_only_the_buyer_sees_it(broken: Buyer, buy: Buy, client: FlaskClient, shop: Shop, other_shop: Shop) -> None:
    sends(broken, photo())
    path = f"return/photos/{kept()[0].key}"
    shown = broken.visits(path)
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert picture(shown.data).format == "JPEG"
    assert Buyer(client, shop, buy()).visits(path).status_code == 404
    there = f"/orders/{broken.token}/{path}"
    assert Storefront(client, shop.domain).get(there).status_code == 403
    assert Storefront(client, other_shop.domain).get(there, query={"proof": broken.proof}).status_code == 404


def test_staff_sees_it_by_an_address_that_soon_ends(broken: Buyer, client: FlaskClient, clock: Clock) -> None:
    sends(broken, photo())
    path = urlsplit(photos.address(kept()[0])).path
    assert picture(client.get(path).data).format == "JPEG"
    assert client.get(path[:-2] + ("A" if path[-2] != "A" else "B") + path[-1]).status_code == 404
    clock.forward(minutes=11)
    assert client.get(path).status_code == 404


# On the disk


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_whoever_holds_the_disk_sees_nothing(broken: Buyer, folder: Path) -> None:
    for old in files(folder):
        old.unlink()
    sends(broken, photo())
    (file,) = files(folder)
    assert b"JFIF" not in file.read_bytes()


def test_files_go_when_their_rows_are_gone(broken: Buyer, folder: Path, clock: Clock) -> None:
    for old in files(folder):
        old.unlink()
    assert sends(broken, photo(), photo()).status_code == 200
    lost = kept()[0]
    with transaction():
        db.session.delete(lost)
    assert photos.tidy() == 0, "so new a file may belong to a row that is being written"
    clock.forward(days=2)
    assert photos.tidy() == 1
    assert len(files(folder)) == 1
    clock.forward(days=30)
    assert photos.tidy() == 1, "a draft is kept for a month"
    assert kept() == []
    assert files(folder) == []


def test_a_photo_of_a_request_stays(broken: Buyer, folder: Path, clock: Clock) -> None:
    sends(broken, photo())
    broken.agrees()
    clock.forward(days=100)
    photos.tidy()
    assert picture(jpeg(kept()[0].key)).format == "JPEG"


def test_another_installation_in_the_same_place_keeps_its_files(broken: Buyer, folder: Path, clock: Clock) -> None:
    theirs = folder / "another" / "file"
    theirs.parent.mkdir()
    theirs.write_bytes(b"theirs")
    clock.forward(days=2)
    photos.tidy()
    assert theirs.exists()
    theirs.unlink()


def test_a_disk_that_is_full_is_told_and_loses_nothing(broken: Buyer, configure: Any, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text(datetime.now(UTC).isoformat())
    configure(photos_url=blocked.as_uri())
    answer = sends(broken, photo())
    assert answer.status_code == 422
    assert "could not be stored" in text(answer)
