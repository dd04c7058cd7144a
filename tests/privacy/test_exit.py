"""A shop leaves with everything, and comes back to buyers whose wishes still hold."""

from shopify_app import privacy
from shopify_app.clock import now
from shopify_app.db import rest, transaction
from shopify_app.mail import refusals
from shopify_app.shopify import install as installing
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, Clock, Jobs, Sender
from tests.home.conftest import merchant as merchant
from tests.privacy.conftest import Plant, counts, last_request, places
from tests.privacy.people import ANN, GUEST
from tests.privacy.test_leaving import ask, uninstall

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
