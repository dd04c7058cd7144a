"""From a merchant's first click to tokens that stay alive, against the store's own token endpoint."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from devstore import deeds, server
from devstore.records import Token
from shopify_app import clock as app_clock
from shopify_app.db import db, rest, transaction
from shopify_app.shopify import install
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.errors import Unauthorized, Unavailable
from shopify_app.shopify.guards import RETRY
from shopify_app.shopify.models import Shop, find, named
from tests.conftest import LUMEN, SECOND, SECRET, Clock, Jobs
from tests.shopify.conftest import bearer, id_token


def tokens(shopify: server.Running, shop: str = LUMEN) -> list[Token]:
    """All that the store gave out, oldest first."""
    found = shopify.state.install(shop)
    return list(found.tokens) if found else []


def open_app(shopify: server.Running, client: FlaskClient, shop: str = LUMEN) -> int:
    return client.get(shopify.open_app(shop).removeprefix(shopify.app_url)).status_code


def works(shop: Shop) -> bool:
    """Whether Shopify takes our token."""
    return bool(AdminApi(shop).run("shopify/shop")["shop"]["name"])


def grow_stale(clock: Clock, shop: Shop) -> None:
    """Until the access token has less than five minutes to live."""
    clock.forward(minutes=58)
    rest()


# The first click


def test_the_first_click_installs_and_the_second_asks_shopify_for_nothing(
    shopify: server.Running, client: FlaskClient
) -> None:
    assert open_app(shopify, client) == 200
    shop = named(LUMEN)
    assert shop.is_installed
    assert shop.refresh_expires_at is not None
    assert timedelta(days=89) < shop.refresh_expires_at - app_clock.now() < timedelta(days=90)
    assert [token.access for token in tokens(shopify)] == [shop.access_token]
    assert open_app(shopify, client) == 200
    assert len(tokens(shopify)) == 1


def test_the_app_takes_only_tokens_that_expire(shopify: server.Running, client: FlaskClient) -> None:
    open_app(shopify, client)
    (token,) = tokens(shopify)
    assert token.refresh == named(LUMEN).refresh_token
    assert token.expires_at is not None


def test_two_merchants_who_install_at_once_are_two_shops(shopify: server.Running, client: FlaskClient) -> None:
    open_app(shopify, client)
    open_app(shopify, client, SECOND)
    assert named(LUMEN).access_token != named(SECOND).access_token
    assert works(named(LUMEN))
    assert works(named(SECOND))


def test_a_merchant_whose_browser_clicks_twice_installs_once(shopify: server.Running, app: Flask) -> None:
    address = shopify.open_app(LUMEN).removeprefix(shopify.app_url)
    answers: list[int] = []

    def click_once() -> None:
        answers.append(app.test_client().get(address).status_code)

    clicks = [threading.Thread(target=click_once) for _ in range(2)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert answers == [200, 200]
    assert len(tokens(shopify)) == 1


def test_tokens_never_lie_open_in_the_database(shopify: server.Running, client: FlaskClient, app: Flask) -> None:
    open_app(shopify, client)
    shop = named(LUMEN)
    raw = db.session.execute(text("SELECT access_token, refresh_token, email FROM shops")).one()
    assert all(value is None or b"shp" not in bytes(value) for value in raw)
    assert shop.access_token is not None
    assert shop.access_token.startswith("shpat_")


# Shopify says no, or nothing


def test_a_merchant_sees_a_calm_page_while_shopify_does_not_answer(
    shopify: server.Running, client: FlaskClient
) -> None:
    shopify.faults.token.outage = True
    page = client.get(shopify.open_app(LUMEN).removeprefix(shopify.app_url))
    assert page.status_code == 503
    assert int(page.headers["Retry-After"]) > 0
    assert page.headers["Content-Security-Policy"].startswith(f"frame-ancestors https://{LUMEN} ")
    assert "Shopify does not answer" in page.text
    assert "Traceback" not in page.text
    shopify.faults.token.outage = False
    assert open_app(shopify, client) == 200
    assert named(LUMEN).is_installed


def test_a_script_of_the_page_is_told_to_come_again(shopify: server.Running, client: FlaskClient) -> None:
    shopify.approve(LUMEN)
    shopify.faults.token.outage = True
    answer = client.get("/import", **bearer(shopify.id_token(LUMEN)))
    assert (answer.status_code, answer.mimetype) == (503, "application/json")
    assert RETRY not in answer.headers


def test_an_endpoint_that_is_gone_is_an_outage_too(
    app: Flask, configure: Callable[..., None], client: FlaskClient
) -> None:
    configure(shop_url="http://127.0.0.1:9/{shop}")
    page = client.get(f"/?embedded=1&shop={LUMEN}&id_token={id_token()}")
    assert page.status_code == 503


def test_a_token_that_shopify_does_not_take_is_fetched_anew(shopify: server.Running, client: FlaskClient) -> None:
    """Signed well, but the app is not installed there (any more)."""
    shopify.approve(SECOND)
    page = client.get(f"/?embedded=1&shop={LUMEN}&id_token={shopify.id_token(LUMEN)}")
    assert page.status_code == 302
    assert "/auth/bounce" in page.location
    answer = client.get("/import", **bearer(shopify.id_token(LUMEN)))
    assert (answer.status_code, answer.headers[RETRY]) == (401, "1")
    found = find(LUMEN)
    assert found is None or not found.is_installed


# An hour later


def test_a_token_is_renewed_before_it_runs_out(shopify: server.Running, installed: Shop, clock: Clock) -> None:
    first = installed.access_token
    clock.forward(minutes=50)
    assert install.access_token(installed) == first
    clock.forward(minutes=8)
    second = install.access_token(installed)
    assert second != first
    assert works(installed)
    assert [token.access for token in tokens(shopify)][-1] == second


def test_the_new_pair_is_written_down_before_anyone_uses_it(
    shopify: server.Running, installed: Shop, clock: Clock
) -> None:
    """Had the process died now, the pair would be in the database and still unused at Shopify."""
    grow_stale(clock, installed)
    install.access_token(installed)
    rest()
    newest = tokens(shopify)[-1]
    assert (named(LUMEN).access_token, named(LUMEN).refresh_token) == (newest.access, newest.refresh)
    assert not newest.used


def test_two_workers_who_need_a_new_token_at_once_ask_for_one(
    shopify: server.Running, installed: Shop, app: Flask, clock: Clock
) -> None:
    before = len(tokens(shopify))
    grow_stale(clock, installed)
    got: list[str] = []

    def ask() -> None:
        with app.app_context():
            got.append(install.access_token(named(LUMEN)))

    workers = [threading.Thread(target=ask) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(set(got)) == 1
    assert len(got) == 4
    assert len(tokens(shopify)) <= before + 1
    rest()
    assert named(LUMEN).token_owner is None


def test_a_worker_that_died_with_the_lock_locks_nobody_out_for_long(
    shopify: server.Running, installed: Shop, clock: Clock
) -> None:
    grow_stale(clock, installed)
    with transaction():
        installed.token_owner = "somebody who died"
        installed.token_lease_until = app_clock.now() + timedelta(seconds=install.LOCK_SECONDS)
    clock.forward(seconds=install.LOCK_SECONDS + 1)
    assert install.access_token(installed)
    assert works(installed)


def test_a_lost_answer_is_asked_for_again_with_the_old_token(
    shopify: server.Running, installed: Shop, clock: Clock
) -> None:
    old = installed.refresh_token
    grow_stale(clock, installed)
    shopify.faults.token.lost = 1
    with pytest.raises(Unavailable):
        install.access_token(installed)
    rest()
    assert named(LUMEN).refresh_token == old
    assert install.access_token(named(LUMEN))
    assert works(named(LUMEN))


def test_an_outage_costs_no_token(shopify: server.Running, installed: Shop, clock: Clock) -> None:
    grow_stale(clock, installed)
    shopify.faults.token.outage = True
    with pytest.raises(Unavailable):
        install.access_token(installed)
    shopify.faults.token.outage = False
    clock.forward(days=20)
    assert install.access_token(installed)


def test_a_retired_token_waits_for_the_merchant_and_the_next_click_repairs(
    shopify: server.Running, installed: Shop, client: FlaskClient, clock: Clock
) -> None:
    for token in tokens(shopify):
        token.retired = True
    grow_stale(clock, installed)
    with pytest.raises(Unauthorized):
        install.access_token(installed)
    rest()
    assert named(LUMEN).refresh_token is None
    assert named(LUMEN).is_installed
    with pytest.raises(Unauthorized):
        install.access_token(named(LUMEN))
    assert open_app(shopify, client) == 200
    assert works(named(LUMEN))


def test_an_access_token_that_shopify_refuses_is_renewed_once(shopify: server.Running, installed: Shop) -> None:
    """Superseded by another process, say: Shopify answers 401 although its hour is not over."""
    with transaction():
        installed.access_token = "shpat_superseded"
    assert works(installed)
    assert installed.access_token == tokens(shopify)[-1].access


# A month, three months later


def test_a_shop_that_nobody_opens_keeps_its_tokens(shopify: server.Running, installed: Shop, clock: Clock) -> None:
    assert install.keep_alive() == 0
    clock.forward(days=35)
    assert install.keep_alive() == 1
    assert install.keep_alive() == 0
    clock.forward(days=65)
    rest()
    assert works(named(LUMEN))


def test_a_shop_that_nobody_looked_after_for_three_months_waits_for_its_merchant(
    shopify: server.Running, installed: Shop, client: FlaskClient, clock: Clock
) -> None:
    clock.forward(days=91)
    assert install.keep_alive() == 0
    with pytest.raises(Unauthorized):
        install.access_token(named(LUMEN))
    assert open_app(shopify, client) == 200
    assert works(named(LUMEN))


def test_one_shop_that_cannot_be_kept_alive_does_not_stop_the_others(
    shopify: server.Running, installed: Shop, client: FlaskClient, clock: Clock
) -> None:
    open_app(shopify, client, SECOND)
    for token in tokens(shopify):
        token.retired = True
    clock.forward(days=35)
    assert install.keep_alive() == 1
    rest()
    assert named(LUMEN).refresh_token is None
    assert works(named(SECOND))


# Leaving and coming back


def test_a_merchant_who_leaves_takes_the_tokens_along(shopify: server.Running, installed: Shop, jobs: Jobs) -> None:
    deeds.uninstall(shopify.state, LUMEN)
    assert shopify.log.settle()
    jobs.run()
    shop = named(LUMEN)
    assert not shop.is_installed
    assert shop.uninstalled_at is not None
    assert (shop.access_token, shop.refresh_token) == (None, None)
    with pytest.raises(Unauthorized):
        install.access_token(shop)


def test_a_quick_reinstall_survives_the_late_news_of_the_uninstall(
    shopify: server.Running, installed: Shop, client: FlaskClient, jobs: Jobs, clock: Clock
) -> None:
    """The merchant is back before the news is: with tokens that look alive here, and are dead at Shopify."""
    clock.forward(hours=1)
    shopify.faults.webhooks.late = 1
    deeds.uninstall(shopify.state, LUMEN)
    clock.forward(seconds=15)
    assert open_app(shopify, client) == 200
    clock.forward(seconds=70)
    assert shopify.log.settle()
    jobs.run()
    assert named(LUMEN).is_installed
    assert open_app(shopify, client) == 200
    assert works(named(LUMEN))


def test_a_merchant_who_leaves_with_a_page_still_open_has_left(
    shopify: server.Running, installed: Shop, client: FlaskClient, jobs: Jobs, clock: Clock
) -> None:
    """The page goes on asking with a token that Shopify made before."""
    clock.forward(minutes=5)
    last_token = shopify.id_token(LUMEN)
    clock.forward(seconds=20)
    deeds.uninstall(shopify.state, LUMEN)
    assert shopify.log.settle()
    assert client.get("/import", **bearer(last_token)).status_code == 200
    jobs.run()
    assert not named(LUMEN).is_installed


def test_a_shop_that_comes_back_is_greeted_again(
    shopify: server.Running, installed: Shop, client: FlaskClient, jobs: Jobs, clock: Clock
) -> None:
    jobs.run()
    deeds.uninstall(shopify.state, LUMEN)
    assert shopify.log.settle()
    jobs.run()
    assert named(LUMEN).greeted_at is None
    clock.forward(hours=1)
    assert open_app(shopify, client) == 200
    jobs.run()
    shop = named(LUMEN)
    assert shop.is_installed
    assert shop.greeted_at is not None
    assert shop.uninstalled_at is None


def test_a_merchant_who_grants_other_scopes_gets_other_tokens(
    shopify: server.Running, installed: Shop, client: FlaskClient, jobs: Jobs, app: Flask
) -> None:
    deeds.grant(shopify.state, LUMEN, ["read_orders"])
    assert shopify.log.settle()
    jobs.run()
    assert named(LUMEN).scopes == "read_orders"
    before = len(tokens(shopify))
    assert open_app(shopify, client) == 200  # the admin asks the merchant to approve what is missing
    assert set(named(LUMEN).scopes.split(",")) == set(app.extensions["scopes"].split(","))
    assert len(tokens(shopify)) == before + 1


# The client secret changes


def test_a_new_client_secret_reaches_every_shop(
    shopify: server.Running, installed: Shop, configure: Callable[..., None], clock: Clock
) -> None:
    """Tokens made with the old secret die with it, so all are renewed while both live."""
    shopify.secrets.rotate("n" * 32, shopify.state.now())
    configure(api_secret="n" * 32, api_secret_old=SECRET)
    clock.forward(days=35)
    assert install.keep_alive() == 1
    shopify.secrets.revoke_old()
    rest()
    assert works(named(LUMEN))
