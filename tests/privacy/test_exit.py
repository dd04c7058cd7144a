"""A shop leaves with everything, and comes back to buyers whose wishes still hold."""

import csv
import io
import json
import zipfile
from pathlib import Path

from PIL import Image

from shopify_app import privacy
from shopify_app.clock import now
from shopify_app.db import db, rest, transaction
from shopify_app.mail import refusals
from shopify_app.orders.models import Product
from shopify_app.privacy import takeout
from shopify_app.privacy.models import Takeout
from shopify_app.returns import photos
from shopify_app.shopify import install as installing
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, SECOND, Clock, Jobs, Sender
from tests.home.conftest import Merchant
from tests.home.conftest import merchant as merchant
from tests.privacy import people
from tests.privacy.conftest import Plant, counts, last_request, places
from tests.privacy.people import ANN, GUEST
from tests.privacy.test_leaving import ask, uninstall
from tests.returns.buyer.conftest import folder as folder
from tests.returns.buyer.conftest import photo

BOUNCING = "bounces@example.com"


def refuse(shop: Shop, email: str, reason: str) -> None:
    with transaction():
        refusals.refuse(shop, refusals.mark(shop, email), ["marketing"], reason)


def leave(sends: Sender, jobs: Jobs, clock: Clock) -> None:
    uninstall(sends, jobs)
    clock.forward(days=2)
    ask(sends)
    jobs.run()
    rest()


def test_a_buyer_who_wants_no_mail_is_not_written_to_by_a_shop_that_comes_back(
    shop: Shop, plant: Plant, sends: Sender, jobs: Jobs, clock: Clock
) -> None:
    plant(shop, ANN, GUEST)
    with transaction():
        shop.email, shop.access_token = "owner@example.com", "shpat_1"
    refuse(shop, ANN.email, refusals.ASKED)
    refuse(shop, GUEST.email, refusals.COMPLAINED)
    refuse(shop, BOUNCING, refusals.BOUNCED)
    leave(sends, jobs, clock)
    left = {name: number for name, number in counts().items() if number}
    assert left == {"refusals": 2, "shops": 1, "privacy_requests": 1}
    assert last_request().result == "erased"
    assert not places(LUMEN, ANN) + places(LUMEN, GUEST)
    known = shops.named(LUMEN)
    assert (known.email, known.access_token, known.settings, known.name, known.is_installed) == (
        None,
        None,
        {},
        "",
        False,
    )
    back = installing._create(LUMEN)
    with transaction():
        back.installed_at = now()
    assert refusals.why(back, ANN.email, "marketing") == refusals.ASKED
    assert refusals.why(back, GUEST.email, "marketing") == refusals.COMPLAINED
    assert refusals.why(back, BOUNCING, "marketing") is None
    assert privacy.forget_old() == 0
    assert counts()["refusals"] == 2


def test_wishes_are_forgotten_when_a_shop_stays_away_for_three_years(
    shop: Shop, sends: Sender, jobs: Jobs, clock: Clock
) -> None:
    refuse(shop, ANN.email, refusals.ASKED)
    leave(sends, jobs, clock)
    clock.forward(days=1094)
    privacy.forget_old()
    jobs.run()
    assert counts()["refusals"] == 1
    assert counts()["privacy_requests"] == 1, "nobody asks again for what is erased"
    clock.forward(days=2)
    privacy.forget_old()
    assert (counts()["refusals"], counts()["shops"]) == (0, 0)


def fetch(merchant: Merchant) -> zipfile.ZipFile:
    headers = {"Authorization": f"Bearer {merchant.token}"}
    answer = merchant.asks("GET", "/privacy/takeout/file", query_string=merchant.frame, headers=headers, buffered=True)
    assert answer.headers["Content-Disposition"] == "attachment; filename=aftercare-lumen-goods.zip"
    return zipfile.ZipFile(io.BytesIO(answer.get_data()))


def test_everything_can_be_taken_along_readable_and_without_keys(
    shop: Shop, other_shop: Shop, merchant: Merchant, plant: Plant
) -> None:
    plant(shop, ANN)
    plant(other_shop, GUEST)
    with transaction():
        shop.access_token, shop.refresh_token, shop.email = "shpat_1", "shprt_1", "owner@example.com"
    archive = fetch(merchant)
    assert archive.testzip() is None
    (order,) = [json.loads(line) for line in archive.read("orders.jsonl").splitlines()]
    assert (order["id"], order["person"]["email"]) == (ANN.order, ANN.email)
    (row,) = csv.DictReader(io.StringIO(archive.read("orders.csv").decode()))
    assert json.loads(row["person"]) == order["person"]
    content = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert ANN.tracking in content
    assert "owner@example.com" in content
    assert not [word for word in ("shpat_1", "shprt_1", "email_index", GUEST.email, SECOND) if word in content]
    rest()
    (done,) = db.session.query(Takeout)
    assert (done.user, done.count, done.done_at is None) == ("7", done.total + 2, False), "with itself and its look"


def test_photos_come_along_and_those_that_are_missing_are_named(
    shop: Shop, other_shop: Shop, merchant: Merchant, plant: Plant, folder: Path
) -> None:
    plant(shop, ANN)
    plant(other_shop, GUEST)
    kept, lost = (photos.add(shop, ANN.order, 1, photo()) for _ in range(2))
    theirs = photos.add(other_shop, GUEST.order, 1, photo())
    assert kept and lost and theirs
    next(folder.rglob(lost.key)).unlink()
    archive = fetch(merchant)
    shown = Image.open(io.BytesIO(archive.read(f"return_photos/{kept.key}.jpg")))
    assert (shown.format, shown.size) == ("JPEG", (kept.width, kept.height))
    assert archive.read("missing-photos.txt").decode() == f"return_photos/{lost.key}.jpg\n"
    assert not [name for name in archive.namelist() if theirs.key in name]


def test_no_cell_of_the_file_is_a_formula(shop: Shop, merchant: Merchant, sends: Sender, jobs: Jobs) -> None:
    sends(
        "orders/create", people.order(ANN, line_items=[people.line(9) | {"title": "=HYPERLINK(1)", "price": "-5.00"}])
    )
    jobs.run()
    (row,) = csv.DictReader(io.StringIO(fetch(merchant).read("order_lines.csv").decode()))
    assert row["title"] == "'=HYPERLINK(1)"
    assert row["price"] == "-500"


def test_a_large_file_is_sent_while_it_is_read(shop: Shop) -> None:
    """No piece of it is large, and what is added to a later table while it is sent is in it."""
    with transaction():
        db.session.add_all(Product(shop_id=shop.id, **product(number)) for number in range(3 * takeout.BATCH))
    pieces = takeout.write(shop, takeout.begin(shop, "7").id)
    begun = [next(pieces) for _ in range(5)]
    with transaction():
        db.session.add(Product(shop_id=shop.id, **product(10**6)))
    whole = [*begun, *pieces]
    assert max(map(len, whole)) < 1_000_000
    names = zipfile.ZipFile(io.BytesIO(b"".join(whole))).read("products.jsonl").splitlines()
    assert len(names) == 3 * takeout.BATCH + 1


def product(number: int) -> dict[str, object]:
    known = {"id": number + 1, "title": "Lamp", "handle": f"lamp-{number}", "updated_at": now(), "seen_at": now()}
    return known | {"variant_images": {}}
