"""Installing on a shop with a past writes to nobody of that past, with everything off or switched on at once."""

from collections import Counter

import pytest
from flask.testing import FlaskClient

from devstore import server
from devstore.records import Product
from shopify_app.carts.models import Cart
from shopify_app.db import db, rest
from shopify_app.mail.models import Message
from shopify_app.orders import models as mirror
from shopify_app.shopify.models import named
from tests.conftest import LUMEN, Clock, Jobs, Sender
from tests.home import past as pasts
from tests.home.conftest import Merchant
from tests.home.past import Past
from tests.mirror.conftest import Rounds
from tests.mirror.conftest import lamp as lamp
from tests.mirror.conftest import rounds as rounds


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("is_on", "heard"), [(False, set()), (True, {"new-cart@example.com", "new-order@example.com"})], ids=["off", "on"]
)
def test_installing_on_a_shop_with_a_past_writes_to_nobody_of_it(
    shopify: server.Running,
    client: FlaskClient,
    lamp: Product,
    rounds: Rounds,
    sends: Sender,
    jobs: Jobs,
    clock: Clock,
    is_on: bool,
    heard: set[str],
) -> None:
    """`python -m benchmarks.install` does the same to a shop with 50,000 carts."""
    past = Past(shopify, lamp)
    left, bought = list(past.checkouts(200)), list(past.orders(60))
    assert client.get(shopify.open_app(LUMEN).removeprefix(shopify.app_url)).status_code == 200
    shop = named(LUMEN)
    rounds.until_done(shop)
    if is_on:
        pasts.switch_everything_on(Merchant(client, LUMEN))
    pasts.tell(sends, jobs, past.news(left, bought))
    assert len(list(pasts.go_by(jobs, clock))) == pasts.AFTER
    rest()
    reasons = Counter((one.template, one.result, one.reason) for one in db.session.query(Message))
    assert shopify.mailbox.messages() == [], reasons
    assert {result for _, result, _ in reasons} <= {"skipped"}
    assert db.session.query(Cart).count() == 200
    assert db.session.query(mirror.Order).count() == 60
    assert pasts.heard(shopify, jobs, clock, past) == heard
