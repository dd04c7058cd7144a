"""What a merchant finds in the settings: all in one place, who changed what when, and the way back."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shopify_app import settings
from shopify_app.carts import settings as carts
from shopify_app.db import db, rest, transaction
from shopify_app.home import said
from shopify_app.mail import brand
from shopify_app.returns.policy import policies
from shopify_app.returns.policy.terms import Terms
from shopify_app.settings import Change
from shopify_app.shopify.models import Shop
from tests.conftest import Clock
from tests.home.conftest import Merchant, enlist

BUDGET = {
    "gap": "16",
    "most": "5",
    "hourly": "1000",
    "begins": "21:00",
    "ends": "08:00",
    "customers": "",
    "blocked": "",
}
CARTS = {"first": "1", "steps": "1", "holdout": "10", "cap": "50", "percent": "0", "budget": "50", "days": "7"}


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def history(person: Merchant, **query: str) -> str:
    return text(person.opens("/settings/history", **query).text)


def changes() -> list[Change]:
    rest()
    return db.session.query(Change).order_by(Change.id.desc()).all()


def undo(person: Merchant, change: Change | None = None) -> tuple[int, str]:
    answer = person.sends(f"/settings/history/{(change or changes()[0]).id}/undo")
    assert answer.json is not None
    return answer.status_code, answer.json.get("toast", "")


def saves(person: Merchant, path: str, form: dict[str, str], **query: str) -> None:
    answer = person.sends(path, form, query_string=person.frame | query)
    assert answer.status_code == 200, answer.json


@pytest.fixture
def colleague(client: FlaskClient, shop: Shop, merchant: Merchant) -> Merchant:
    return Merchant(client, shop.domain, user=8)


def test_every_setting_has_words() -> None:
    told_elsewhere = {"roles", "page_texts"}
    assert set(said.SETTINGS) == set(settings.KEYS) | told_elsewhere
    assert {setting.group for setting in said.SETTINGS.values()} <= set(said.GROUPS)
    assert not settings.OWN & set(settings.KEYS)


def test_all_settings_are_found_in_one_place_with_how_they_stand(merchant: Merchant, shop: Shop) -> None:
    page = merchant.opens("/settings").text
    for path in re.findall(r'<s-link href="(/[^?"]+)', page):
        assert merchant.opens(path).status_code == 200, path
    assert "Our own order confirmation is on." in text(page)
    assert "Reminders of carts are off." in text(page)
    with transaction():
        settings.put(shop, {"confirmations": False})
        carts.keep(shop, carts.Settings(since=shop.installed_at, steps=3))
    page = text(merchant.opens("/settings").text)
    assert "Our own order confirmation is off." in page
    assert "Reminders are on: up to 3 messages for a cart." in page


def test_the_history_says_who_changed_what_and_what_it_was_before(merchant: Merchant, colleague: Merchant) -> None:
    assert "Nobody has changed anything here yet." in history(merchant)
    saves(merchant, "/settings/budget", BUDGET | {"most": "3"})
    assert "To one person in 30 days: 5 → 3" in history(merchant)
    assert "You" in history(merchant)
    assert "Staff member 7" in history(colleague)
    assert "Quiet hours" not in history(merchant), "what reads as before is not told"
    saves(colleague, "/settings/budget", BUDGET | {"most": "3", "blocked": "FR"})
    assert "Countries where nobody gets these messages: – → FR" in history(merchant)
    assert "Last changed:" in text(merchant.opens("/settings").text)


def test_saving_without_a_change_is_no_change(merchant: Merchant) -> None:
    saves(merchant, "/settings/budget", BUDGET | {"most": "3"})
    saves(merchant, "/settings/budget", BUDGET | {"most": "3"})
    assert len(changes()) == 1


def test_the_history_speaks_the_merchants_language(client: FlaskClient, merchant: Merchant) -> None:
    saves(merchant, "/settings/budget", BUDGET | {"most": "3"})
    german = Merchant(client, merchant.domain, locale="de")
    assert "An eine Person in 30 Tagen: 5 → 3" in history(german)


def test_a_change_is_undone_and_that_is_told_too(merchant: Merchant, colleague: Merchant, shop: Shop) -> None:
    saves(merchant, "/carts/settings", CARTS | {"percent": "10"})
    assert undo(colleague)[0] == 200
    rest()
    assert carts.of(shop).percent == 0
    page = history(merchant)
    assert "Discount: 10 % → 0 %" in page
    assert "Undone" in page
    assert [(row.by, row.undoes is not None) for row in changes()] == [("8", True), ("7", False)]


def test_an_undo_leaves_what_others_changed_since(merchant: Merchant, colleague: Merchant, shop: Shop) -> None:
    saves(merchant, "/carts/settings", CARTS)
    saves(merchant, "/carts/settings", CARTS | {"percent": "10"})
    mine = changes()[0]
    saves(colleague, "/carts/settings", CARTS | {"percent": "10", "holdout": "20"})
    assert undo(merchant, mine)[0] == 200
    rest()
    assert (carts.of(shop).percent, carts.of(shop).holdout) == (0, 20)


def test_what_was_changed_again_since_is_not_undone(merchant: Merchant, colleague: Merchant, shop: Shop) -> None:
    saves(merchant, "/carts/settings", CARTS | {"percent": "10"})
    first = changes()[0]
    saves(colleague, "/carts/settings", CARTS | {"percent": "20"})
    status, said_ = undo(merchant, first)
    assert (status, said_) == (409, "This has been changed again since. Please undo the newer change first.")
    rest()
    assert carts.of(shop).percent == 20


def test_of_two_who_undo_at_the_same_moment_one_does(app: Flask, merchant: Merchant, shop: Shop) -> None:
    saves(merchant, "/carts/settings", CARTS | {"percent": "10"})
    number = changes()[0].id
    enlist(shop, manager="8")

    def take_back(user: int) -> int:
        with app.app_context():
            person = Merchant(app.test_client(), merchant.domain, user=user)
            return person.sends(f"/settings/history/{number}/undo").status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take_back, (7, 8))) == [200, 409]
    assert len(changes()) == 2


def test_two_who_save_different_settings_at_the_same_moment_both_do(app: Flask, merchant: Merchant, shop: Shop) -> None:
    merchant.opens()

    def save(path: str, form: dict[str, str]) -> int:
        with app.app_context():
            return Merchant(app.test_client(), merchant.domain).sends(path, form).status_code

    forms = [("/carts/settings", CARTS | {"percent": "10"}), ("/settings/budget", BUDGET | {"most": "3"})] * 5
    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(lambda one: save(*one), forms)) == {200}
    rest()
    assert carts.of(shop).percent == 10
    assert shop.settings["budget"]["most"] == 3
    assert len(changes()) == 2


def test_an_undo_switches_nothing_on(merchant: Merchant, shop: Shop) -> None:
    """What would have been sent meanwhile would go out, and nobody has looked at the dry run."""
    with transaction():
        carts.keep(shop, carts.Settings(since=shop.installed_at))
    saves(merchant, "/settings/switches", {"confirmations": "off"})
    assert undo(merchant)[0] == 409
    saves(merchant, "/carts/switch", {})
    status, told = undo(merchant)
    assert (status, "after a look at the dry run" in told) == (409, True)
    rest()
    assert carts.of(shop).since is None
    assert shop.settings["confirmations"] is False


def test_an_undo_switches_off_what_was_switched_on(merchant: Merchant, shop: Shop) -> None:
    with transaction():
        settings.put(shop, {"parcel_messages": {}})
        settings.put(shop, {"parcel_messages": {"delivered": "2026-01-01T00:00:00+00:00"}})
    assert undo(merchant)[0] == 200
    rest()
    assert not shop.settings.get("parcel_messages")


def test_what_the_app_would_not_take_any_more_does_not_come_back(merchant: Merchant, shop: Shop) -> None:
    with transaction():
        settings.put(shop, {"brand": brand.kept(brand.Brand()) | {"font": "comic"}})
        settings.put(shop, {"brand": brand.kept(brand.Brand())})
    status, told = undo(merchant)
    assert (status, told) == (409, "What was set then cannot be set any more. Please choose anew on its page.")


def test_a_history_is_the_shops_own(merchant: Merchant, neighbour: Merchant) -> None:
    saves(merchant, "/settings/budget", BUDGET | {"most": "3"})
    assert "Nobody has changed anything here yet." in history(neighbour)
    assert neighbour.sends(f"/settings/history/{changes()[0].id}/undo").status_code == 404


def test_the_history_is_narrowed_to_a_group(merchant: Merchant) -> None:
    saves(merchant, "/settings/budget", BUDGET | {"most": "3"})
    saves(merchant, "/settings/delivery", {"handling": "2"})
    assert "5 → 3" in history(merchant, group="carts")
    assert "5 → 3" not in history(merchant, group="tracking")
    assert "From order to dispatch: – → 2" in history(merchant, group="tracking")
    assert merchant.opens("/settings/history", group="moon").status_code == 404


def test_a_long_history_goes_on_on_the_next_page(merchant: Merchant, shop: Shop, clock: Clock) -> None:
    for most in range(60):
        with transaction():
            settings.put(shop, {"budget": {"most": most + 6}})
        clock.forward(minutes=1)
    first = merchant.opens("/settings/history").text
    assert "64 → 65" in first
    assert "5 → 6" not in text(first)
    older = re.search(r"/settings/history\?[^\"]*until=([^&\"]+)", first)
    assert older
    page = merchant.opens("/settings/history", until=older[1].replace("%3A", ":").replace("%2B", "+")).text
    assert "5 → 6" in text(page)
    shown = re.findall(r": (\d+) → \d+", text(first) + text(page))
    assert [int(one) for one in shown] == [*range(64, 5, -1), 5]


# What has versions of its own


def test_terms_of_returns_stand_in_the_history_and_come_back(merchant: Merchant, shop: Shop) -> None:
    policies.write(shop, Terms(days=60), "7")
    rest()
    page = history(merchant)
    assert "Terms of returns: version 2" in page
    assert merchant.sends("/settings/history/terms/2/undo").status_code == 200
    rest()
    assert policies.current(shop) == (3, Terms())
    assert merchant.sends("/settings/history/terms/2/undo").status_code == 409
    assert "60" in history(merchant, group="returns")


def test_words_of_messages_and_of_the_page_stand_in_the_history(merchant: Merchant) -> None:
    words = {"subject": "Thank you!", "heading": "Thank you!", "text": "It comes soon.", "after": "0"}
    saves(merchant, "/settings/messages/confirmations/plain", words, language="en")
    told = {"guide": "Wait.", "question-1": "When?", "answer-1": "Soon."}
    saves(merchant, "/settings/texts", told, language="en", stage="moving")
    page = history(merchant, group="languages")
    assert "Order confirmation, plain: Version 1" in page
    assert "On its way (English): our words → your words" in page
    saves(merchant, "/settings/texts/default", {}, language="en", stage="moving")
    assert "On its way (English): your words → our words" in history(merchant)
