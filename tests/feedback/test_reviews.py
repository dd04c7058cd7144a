"""Reviews: by who bought, shown to everybody whatever their stars, hidden only for a reason and with a log."""

import csv
import io
import json
import re
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from shopify_app import photos
from shopify_app.db import db, rest, transaction
from shopify_app.feedback import reviews
from shopify_app.feedback.models import Review, ReviewEntry, ReviewPhoto
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront, Tell
from tests.conftest import Clock
from tests.factories import line, product, refund
from tests.feedback.conftest import LAMP, Buyer, Buys
from tests.home.conftest import Merchant


@pytest.fixture(autouse=True)
def goods(tell: Tell) -> None:
    """The shop sells a lamp."""
    tell("products/create", product())


def review() -> Review:
    rest()
    return db.session.scalars(select(Review)).one()


def picture(size: tuple[int, int] = (60, 40), **about: Any) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, "teal")
    exif = image.getexif()
    exif[0x010E] = "at home"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def data(page: TestResponse) -> dict[str, Any]:
    """What search engines read."""
    [script] = re.findall(r'<script type="application/ld\+json">{% raw %}(.*){% endraw %}</script>', page.text)
    found: dict[str, Any] = json.loads(script)
    return found


def writes(buyer: Buyer, stars: int = 5, text: str = "Lovely light.", **form: Any) -> TestResponse:
    return buyer.sends(f"/reviews/{LAMP}", {"stars": str(stars), "text": text} | form)


def test_a_review_is_public_at_once_with_first_name_and_initial(mira: Buyer, storefront: Storefront) -> None:
    assert writes(mira).status_code == 200
    page = storefront.get("/reviews/reading-lamp")
    assert "Lovely light." in page.text and "Mira S." in page.text and "Sommer" not in page.text
    assert "Reading lamp" in storefront.get("/reviews").text
    assert storefront.get("/reviews/no-such-lamp").status_code == 404


@pytest.mark.parametrize("stars", [1, 2, 3, 4, 5])
def test_no_review_is_hidden_for_its_stars(mira: Buyer, storefront: Storefront, stars: int) -> None:
    writes(mira, stars)
    assert "Lovely light." in storefront.get("/reviews/reading-lamp").text


def test_search_engines_read_what_people_see(mira: Buyer, storefront: Storefront, shop: Shop, buys: Buys) -> None:
    hostile = '</script><script>alert(1)</script> {{ shop }} "quoted"'
    writes(mira, 4, hostile)
    buys(1002).arrives()
    writes(Buyer(storefront, shop, 1002), 1, "Broken.")
    page = storefront.get("/reviews/reading-lamp")
    told = data(page)
    assert (told["@type"], told["name"]) == ("Product", "Reading lamp")
    rating = told["aggregateRating"]
    assert (rating["ratingValue"], rating["reviewCount"], rating["bestRating"]) == ("2.5", "2", "5")
    assert [one["reviewBody"] for one in told["review"]] == ["Broken.", hostile]
    assert {one["author"]["name"] for one in told["review"]} == {"Mira S."}
    assert page.text.count("<script") == 1
    assert "{{ shop }}" not in page.text.partition("<script")[0]


def test_a_product_without_reviews_tells_search_engines_nothing(storefront: Storefront) -> None:
    page = storefront.get("/reviews/reading-lamp")
    assert page.status_code == 200 and "ld+json" not in page.text


def test_only_what_was_bought_and_kept_can_be_reviewed(mira: Buyer, tell: Tell) -> None:
    assert mira.sends("/reviews/9999", {"stars": "5"}).status_code == 404
    tell("refunds/create", refund())
    assert writes(mira).status_code == 404
    assert "nichts mehr zu bewerten" in mira.visits("/reviews").text


def test_a_buyer_changes_and_takes_back_a_review(mira: Buyer, storefront: Storefront) -> None:
    writes(mira)
    writes(mira, 2, "It broke.")
    page = storefront.get("/reviews/reading-lamp").text
    assert "It broke." in page and "Lovely" not in page
    mira.sends(f"/reviews/{LAMP}/withdrawal")
    assert "It broke." not in storefront.get("/reviews/reading-lamp").text
    writes(mira, 3, "It was mended.")
    assert "It was mended." in storefront.get("/reviews/reading-lamp").text
    words = [entry.word for entry in db.session.scalars(select(ReviewEntry).order_by(ReviewEntry.id))]
    assert words == ["written", "changed", "withdrawn", "changed"]


def test_a_photo_is_made_anew_and_shown_as_long_as_its_review(mira: Buyer, storefront: Storefront) -> None:
    writes(mira, photo=[(io.BytesIO(picture()), "a.jpg"), (io.BytesIO(picture()), "b.jpg")])
    rest()
    kept = db.session.scalars(select(ReviewPhoto).order_by(ReviewPhoto.id)).all()
    assert b"at home" not in photos.jpeg(kept[0].key)
    first, second = (photo.key for photo in kept)
    public = f"/reviews/photos/{first}"
    assert storefront.get(public).mimetype == "image/jpeg"
    assert first in storefront.get("/reviews/reading-lamp").text
    mira.sends(f"/reviews/{LAMP}/photos/{second}/removal")
    assert storefront.get(f"/reviews/photos/{second}").status_code == 404
    mira.sends(f"/reviews/{LAMP}/withdrawal")
    assert storefront.get(public).status_code == 404
    assert mira.visits(f"/photos/{first}").status_code == 200, "the buyer still sees it"


@pytest.mark.parametrize(
    ("sent", "said"), [([b"%PDF-1.4"], "können wir nicht lesen"), ([picture()] * 5, "genug Fotos")]
)
def test_what_is_no_fit_photo_is_refused_and_the_text_kept(mira: Buyer, sent: list[bytes], said: str) -> None:
    page = writes(mira, photo=[(io.BytesIO(one), "a.jpg") for one in sent])
    assert page.status_code == 422
    assert said in page.text and "Lovely light." in page.text
    rest()
    assert db.session.query(Review).count() == 0


def test_a_photo_file_outlives_its_row_by_no_more_than_a_day(mira: Buyer, clock: Clock) -> None:
    writes(mira, photo=[(io.BytesIO(picture()), "a.jpg")])
    clock.forward(days=2)
    photos.sweep()
    with transaction():
        db.session.delete(db.session.scalars(select(ReviewPhoto)).one())
    assert photos.sweep() == 1


# What staff may do


def exported(merchant: Merchant, kind: str) -> TestResponse:
    """Read to its end while it is streamed."""
    query = merchant.frame | {"id_token": merchant.token}
    return merchant.asks("GET", f"/feedback/reviews/reviews.{kind}", query_string=query, buffered=True)


def test_staff_hides_for_a_lawful_reason_and_the_log_says_who(
    merchant: Merchant, mira: Buyer, storefront: Storefront
) -> None:
    writes(mira)
    number = review().id
    assert merchant.sends(f"/feedback/reviews/{number}/hiding", {"why": "two stars"}).status_code == 422
    assert merchant.sends(f"/feedback/reviews/{number}/hiding", {"why": "personal"}).status_code == 200
    assert merchant.sends(f"/feedback/reviews/{number}/hiding", {"why": "insult"}).status_code == 409
    page = storefront.get("/reviews/reading-lamp")
    assert "Lovely light." not in page.text and "ld+json" not in page.text
    assert "Verrät persönliche Daten" in mira.visits("/reviews").text, "its writer sees why"
    log = db.session.scalars(select(ReviewEntry).order_by(ReviewEntry.id.desc())).first()
    assert log and (log.word, log.why, log.by) == ("hidden", "personal", "7")
    assert "Staff member 7" in merchant.opens("/feedback/reviews").text
    assert merchant.sends(f"/feedback/reviews/{number}/showing").status_code == 200
    assert "Lovely light." in storefront.get("/reviews/reading-lamp").text


def test_a_hidden_review_stays_hidden_when_its_writer_changes_it(
    merchant: Merchant, mira: Buyer, storefront: Storefront
) -> None:
    writes(mira)
    merchant.sends(f"/feedback/reviews/{review().id}/hiding", {"why": "insult"})
    writes(mira, 1, "As bad as ever.")
    assert "As bad" not in storefront.get("/reviews/reading-lamp").text


def test_reasons_never_speak_of_stars() -> None:
    assert "stars" not in " ".join(reviews.WHYS.values())


def test_another_shop_neither_sees_nor_hides_it(neighbour: Merchant, mira: Buyer) -> None:
    writes(mira)
    assert "Lovely" not in neighbour.opens("/feedback/reviews").text
    assert neighbour.sends(f"/feedback/reviews/{review().id}/hiding", {"why": "insult"}).status_code == 404
    assert exported(neighbour, "csv").text.count("\n") == 1


def test_all_reviews_leave_as_csv_and_json(
    merchant: Merchant, mira: Buyer, buys: Buys, storefront: Storefront, shop: Shop
) -> None:
    writes(mira, 2, '=cmd("x"), ünï;\nzwei')
    buys(1002, line_items=[line(10021)]).arrives()
    writes(Buyer(storefront, shop, 1002), 5, "Good.")
    table = exported(merchant, "csv")
    assert table.headers["Content-Disposition"] == "attachment; filename=reviews.csv"
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["stars"] for row in rows] == ["2", "5"]
    assert rows[0]["text"] == '\'=cmd("x"), ünï;\nzwei', "no table program computes it"
    listed = json.loads(exported(merchant, "json").text)
    assert [one["text"] for one in listed] == ['=cmd("x"), ünï;\nzwei', "Good."]
    assert listed[0] | {"name": "Mira S.", "state": "shown", "product_handle": "reading-lamp"} == listed[0]
