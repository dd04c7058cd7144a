"""Who of a shop's staff may do what, and who decides about that."""

import pytest
from flask.testing import FlaskClient

from shopify_app import roles, settings
from shopify_app.db import db, rest, transaction
from shopify_app.mail import brand
from shopify_app.returns.staff import goodwill
from shopify_app.settings import Change
from shopify_app.shopify import staff
from shopify_app.shopify.models import Shop
from tests.conftest import Clock
from tests.home.conftest import Merchant, enlist
from tests.home.test_settings_history import BUDGET, CARTS, history, text, undo

LIMITS = {"case": "50", "week": "500"}


@pytest.fixture
def colleague(client: FlaskClient, shop: Shop, merchant: Merchant) -> Merchant:
    return Merchant(client, shop.domain, user=8)


@pytest.fixture
def agent(client: FlaskClient, shop: Shop, merchant: Merchant) -> Merchant:
    enlist(shop, owner="7", agent="9")
    return Merchant(client, shop.domain, user=9)


def roles_of(shop: Shop) -> dict[str, str]:
    rest()
    return {member.user: member.role for member in staff.everybody(shop)}


def saves(person: Merchant, **form: str) -> int:
    fields = {name.replace("_", "-"): value for name, value in form.items()}
    return person.sends("/settings/staff", LIMITS | fields).status_code


def test_who_opens_the_app_first_is_its_owner(merchant: Merchant, colleague: Merchant, shop: Shop) -> None:
    merchant.opens()
    colleague.opens()
    assert roles_of(shop) == {"7": "owner", "8": "manager"}


def test_who_installs_it_anew_is_an_owner(merchant: Merchant, colleague: Merchant, shop: Shop, clock: Clock) -> None:
    """Whoever was it before may have left the shop."""
    merchant.opens()
    clock.forward(minutes=5)
    with transaction():
        shop.installed_at = staff.clock.now()
    rest()
    colleague.opens()
    assert roles_of(shop) == {"7": "owner", "8": "owner"}


def test_new_people_become_what_the_shop_wants(merchant: Merchant, colleague: Merchant, shop: Shop) -> None:
    merchant.opens()
    assert saves(merchant, role="agent") == 200
    colleague.opens()
    assert roles_of(shop)["8"] == "agent"


def test_an_owner_gives_names_and_roles_and_sets_limits(merchant: Merchant, colleague: Merchant, shop: Shop) -> None:
    merchant.opens()
    colleague.opens()
    form = {"name-8": " Ana  Souza ", "role-8": "agent", "case": "75.50", "week": "1000"}
    assert merchant.sends("/settings/staff", form).json == {"toast": "Saved", "is_error": False}
    rest()
    assert (staff.names(shop), roles_of(shop)["8"]) == ({"8": "Ana Souza"}, "agent")
    assert goodwill.limits(shop) == goodwill.Limits(75_50, 1000_00)
    page = history(merchant, group="staff")
    assert "Ana Souza: Manager → Agent" in page
    assert "In one return: $50.00 → $75.50" in page
    with db.engine.connect() as connection:
        assert b"Souza" not in connection.exec_driver_sql("select name from staff where name is not null").scalar()


def test_staff_is_called_by_name_in_the_history(merchant: Merchant, colleague: Merchant) -> None:
    merchant.opens()
    colleague.sends("/settings/budget", BUDGET | {"most": "3"})
    merchant.sends("/settings/staff", LIMITS | {"name-8": "Ana Souza"})
    assert "Ana Souza" in history(merchant, group="carts")


def test_a_role_is_given_back_by_an_undo(merchant: Merchant, colleague: Merchant, shop: Shop) -> None:
    merchant.opens()
    colleague.opens()
    saves(merchant, role_8="agent")
    change = db.session.query(Change).filter_by(key="roles").one()
    assert undo(colleague, change)[0] == 403
    assert undo(merchant, change)[0] == 200
    assert roles_of(shop)["8"] == "manager"


def test_the_last_owner_stays_one(merchant: Merchant, colleague: Merchant, shop: Shop) -> None:
    merchant.opens()
    colleague.opens()
    assert saves(merchant, role_7="agent") == 409
    assert saves(merchant, role_8="owner", role_7="agent") == 200
    assert roles_of(shop) == {"7": "agent", "8": "owner"}
    change = db.session.query(Change).filter_by(key="roles").one()
    assert undo(merchant, change)[0] == 403


def test_only_owners_decide_about_staff(merchant: Merchant, colleague: Merchant, shop: Shop) -> None:
    merchant.opens()
    colleague.opens()
    assert saves(colleague, role_8="owner") == 403
    assert roles_of(shop)["8"] == "manager"
    assert "Only owners decide about staff and limits." in text(colleague.opens("/settings/staff").text)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("case", ""), ("case", "-1"), ("week", "much"), ("week", "1000000.01"), ("role", "king"), ("name-7", "x" * 61)],
)
def test_what_is_wrong_is_said_at_its_field(merchant: Merchant, shop: Shop, field: str, typed: str) -> None:
    answer = merchant.sends("/settings/staff", LIMITS | {field: typed})
    assert answer.json is not None
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


DOORS = {
    "/settings/switches": {"confirmations": "off"},
    "/settings/budget": BUDGET | {"most": "3"},
    "/settings/brand": {name: str(value) for name, value in brand.kept(brand.Brand(button="#000000")).items()},
    "/settings/delivery": {"handling": "2"},
    "/settings/page": {"specs": "custom.a", "guide": "custom.b"},
    "/settings/texts": {"guide": "Wait.", "question-1": "When?", "answer-1": "Soon."},
    "/settings/texts/default": {},
    "/settings/confirmations": {"kinds": "welcome"},
    "/settings/messages/confirmations/plain/default": {"after": "0"},
    "/settings/messages/confirmations/plain": {"subject": "Hi", "heading": "Hi", "text": "Hi", "after": "0"},
    "/settings/staff": LIMITS | {"role-9": "owner"},
    "/carts/settings": CARTS | {"percent": "10"},
    "/carts/switch": {},
    "/feedback/settings": {"days": "12", "reminder_days": "7", "cap": "200"},
    "/feedback/switch": {},
    "/feedback/reviews/ratings": {},
    "/changes/settings": {"cancel": "off", "cancel_minutes": "5", "address": "off", "address_minutes": "5"},
    "/friends": {"percent": "20"},
    "/friends/switch": {},
    "/returns/policy": {},
    "/privacy/periods": {"orders": "365", "carts": "60", "news": "14", "sightings": "180"},
}


@pytest.mark.parametrize("path", DOORS)
def test_an_agent_changes_no_setting(agent: Merchant, shop: Shop, path: str) -> None:
    with transaction():
        settings.put(shop, {"ratings": "2026-01-01T00:00:00+00:00"})
    before = db.session.query(Change).count()
    rest()
    answer = agent.sends(path, DOORS[path])
    assert answer.status_code == 403, answer.text
    assert answer.json is not None
    assert "owners" in answer.json["toast"]
    rest()
    assert db.session.query(Change).count() == before


def test_an_agent_undoes_nothing(merchant: Merchant, agent: Merchant, shop: Shop) -> None:
    merchant.sends("/settings/budget", BUDGET | {"most": "3"})
    assert undo(agent)[0] == 403
    assert agent.sends("/settings/history/terms/2/undo").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        *("/privacy/1/export", "/privacy/takeout/file", "/messages/1/person/file"),
        *(f"/feedback/reviews/reviews.{kind}" for kind in ("csv", "json")),
    ],
)
def test_an_agent_takes_no_data_out(agent: Merchant, path: str) -> None:
    assert agent.opens(path).status_code == 403


def test_an_agent_sees_every_page_of_the_settings(agent: Merchant) -> None:
    for path in ("/settings", "/settings/history", "/settings/staff", "/settings/switches", "/settings/budget"):
        assert agent.opens(path).status_code == 200, path


def test_every_right_is_said_in_words() -> None:
    assert set().union(*roles.MAY.values()) == set(roles.DEEDS)
    assert set(roles.MAY) == set(roles.ROLES)


def test_people_are_the_shops_own(merchant: Merchant, neighbour: Merchant, shop: Shop, other_shop: Shop) -> None:
    merchant.opens()
    neighbour.opens()
    enlist(other_shop, agent="8")
    assert neighbour.sends("/settings/staff", LIMITS | {"name-7": "Zoe", "role-8": "owner"}).status_code == 200
    assert (staff.names(shop), roles_of(shop)) == ({}, {"7": "owner"})
