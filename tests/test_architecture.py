"""The shape of the house: who may import whom, where things are done that are done in one place only."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Table, UniqueConstraint

from shopify_app import work
from shopify_app.db import db
from shopify_app.privacy.models import PrivacyRequest
from shopify_app.queue import QUEUES
from shopify_app.shopify import guards
from shopify_app.shopify.models import Shop
from shopify_app.webhooks.models import Webhook
from shopify_app.work import Chore

ROOT = Path(__file__).parents[1]

FLOORS = [
    {"addresses", "clock", "config", "faults", "logs", "metrics", "money", "numbers", "periods", "persons"}
    | {"statics"},
    {"db", "language", "secrets"},
    {"dry_runs", "karrio", "limits", "postal", "queue", "zones"},
    {"photos", "sources", "work"},
    {"shopify"},
    {"roles"},
    {"settings"},
    {"orders", "mail", "frame"},
    {"storefront", "codes", "milestones"},
    {"tracking", "changes", "returns", "carts", "feedback", "confirmations", "referrals"}
    | {"optouts", "bounces", "privacy"},
    {"webhooks"},
    {"home", "health", "rotation"},
    {"create_app"},
    {"__main__", "wsgi"},
]
"""A module imports from floors below its own, never beside or above: features do not know one another."""

GUARDS = {guards.merchant, guards.storefront, guards.buyer, guards.customer, guards.anyone}
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "service", "services", "base", "misc"}


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py") if "versions" not in path.parts)


APP = sources("shopify_app")
OURS = sources("shopify_app", "jobs")


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def room(path: Path) -> str:
    """The folder or file right below shopify_app/; create_app for its __init__."""
    inside = path.relative_to(ROOT / "shopify_app").with_suffix("").parts
    return "create_app" if inside == ("__init__",) else inside[0]


def imports(path: Path) -> Iterator[str]:
    """Full names of all that a file imports, as in shopify_app.orders.read."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_of(path: Path) -> set[str]:
    """Rooms of shopify_app that a file enters."""
    inside = [name.split(".") for name in imports(path) if name.split(".")[0] == "shopify_app"]
    rooms = {part for floor in FLOORS for part in floor}
    return {parts[1] if parts[1:] and parts[1] in rooms else "create_app" for parts in inside}


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call with its name as written, as in db.session.commit."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


# Who may import whom


def test_every_module_has_its_floor() -> None:
    assert {room(path) for path in APP} - {"migrations"} <= {part for floor in FLOORS for part in floor}


@pytest.mark.parametrize("path", APP, ids=short)
def test_a_module_imports_only_what_lies_below_it(path: Path) -> None:
    if room(path) == "migrations":
        return
    floor = next(number for number, rooms in enumerate(FLOORS) if room(path) in rooms)
    below = {name for rooms in FLOORS[:floor] for name in rooms}
    assert rooms_of(path) - below - {room(path)} == set()


def test_imports_are_written_out_in_full() -> None:
    """Or the checks of this file would not see them."""
    relative = [node for path in OURS for node in ast.walk(ast.parse(path.read_text())) if getattr(node, "level", 0)]
    assert relative == []


def test_only_workers_and_servers_make_the_app() -> None:
    makers = {short(path) for path in OURS if "create_app" in rooms_of(path)}
    assert makers == {"jobs/context.py", "shopify_app/__main__.py", "shopify_app/wsgi.py"}


def test_the_app_knows_nothing_of_its_workers_its_tests_and_the_store() -> None:
    strange = {"jobs", "devstore", "tests", "benchmarks"}
    assert [short(path) for path in APP if {name.split(".")[0] for name in imports(path)} & strange] == []


def test_the_store_knows_nothing_of_the_app() -> None:
    strange = {"shopify_app", "jobs", "tests", "benchmarks"}
    known = {short(path): {name.split(".")[0] for name in imports(path)} & strange for path in sources("devstore")}
    assert {path: names for path, names in known.items() if names} == {}


# What is done in one place only


def test_only_one_folder_speaks_to_shopify_and_one_module_to_each_other_service() -> None:
    lines = {"requests", "urllib3", "httpx", "http", "socket", "boto3"}
    speakers = {short(path) for path in OURS if {name.split(".")[0] for name in imports(path)} & lines}
    shopify = {f"shopify_app/shopify/{name}.py" for name in ("admin_api", "bulk", "customer_api", "install", "upload")}
    assert speakers == shopify | {"shopify_app/karrio.py", "shopify_app/photos/files.py"}


def test_every_outside_call_has_a_time_limit() -> None:
    for path in OURS:
        is_http = "requests" in imports(path)
        for name, call in calls(path):
            if (is_http and name.startswith("requests.")) or name in ("smtplib.SMTP", "smtplib.SMTP_SSL"):
                assert any(word.arg == "timeout" for word in call.keywords), f"{short(path)}:{call.lineno}"


def test_only_one_place_commits() -> None:
    committing = {short(path) for path in OURS for name, _ in calls(path) if name.endswith("session.commit")}
    assert committing == {"shopify_app/db.py"}


def test_only_one_place_writes_what_a_shop_has_set() -> None:
    """Or a change would be missing in the history, and anybody could make it."""
    writing = {short(path) for path in OURS if any(_sets(node) for node in ast.walk(ast.parse(path.read_text())))}
    assert writing == {"shopify_app/settings.py"}


def _sets(node: ast.AST) -> bool:
    """shop.settings = …, shop.settings["x"] = …, shop.settings.update(…), setattr(shop, "settings", …), del too."""
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
        return ast.unparse(node.value if isinstance(node, ast.Subscript) else node).endswith(".settings")
    if not isinstance(node, ast.Call):
        return False
    called, whole = ast.unparse(node.func), ast.unparse(node)
    is_change = called.endswith(
        tuple(f".settings.{word}" for word in ("update", "pop", "setdefault", "clear", "popitem"))
    )
    return is_change or (called == "setattr" and "'settings'" in whole)


SETTING = (
    "g.shop.settings = {}",
    "g.shop.settings |= {}",
    "shop.settings['x'] = 1",
    "del shop.settings['x']",
    "shop.settings.pop('x')",
    "setattr(shop, 'settings', {})",
    "one, shop.settings = 1, {}",
)


@pytest.mark.parametrize("line", SETTING)
def test_every_way_of_writing_settings_is_seen(line: str) -> None:
    assert any(_sets(node) for node in ast.walk(ast.parse(line)))


def test_only_one_place_knows_the_time() -> None:
    clocks = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time")
    asking = {short(path) for path in OURS for name, _ in calls(path) if name.endswith(clocks)}
    assert asking == {"shopify_app/clock.py"}


def test_only_one_place_reads_the_environment() -> None:
    reading = {short(path) for path in OURS if "os.environ" in path.read_text() or "getenv" in path.read_text()}
    assert reading <= {"shopify_app/config.py", "shopify_app/health.py"}


# Bells and jobs


def test_every_bell_has_a_job_that_answers_it() -> None:
    rung = {
        call.args[0].value
        for path in OURS
        for name, call in calls(path)
        if name.split(".")[-1] in ("ring", "ring_now") and isinstance(call.args[0], ast.Constant)
    }
    queues = {model.queue for model in work.kinds()}
    assert rung | queues == set(QUEUES)
    for name in QUEUES:
        assert callable(importlib.import_module(f"jobs.{name}").drain)


# Doors

one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@one_database
def test_every_page_stands_behind_exactly_one_guard(made_app: Flask) -> None:
    hung = {name: set(made_app.before_request_funcs.get(name, [])) & GUARDS for name in made_app.blueprints}
    assert {name: len(found) for name, found in hung.items()} == dict.fromkeys(made_app.blueprints, 1)
    assert made_app.before_request_funcs.get(None, []) == []


@one_database
def test_every_page_belongs_to_a_blueprint(made_app: Flask) -> None:
    assert {rule.endpoint for rule in made_app.url_map.iter_rules() if "." not in rule.endpoint} == {"static"}


@one_database
def test_a_get_page_takes_nothing_else(made_app: Flask) -> None:
    """A GET changes nothing: mail programs and scanners follow every link. What changes something is a POST."""
    both = [str(rule) for rule in made_app.url_map.iter_rules() if {"GET", "POST"} <= (rule.methods or set())]
    assert both == []


# Tables


@pytest.mark.parametrize("table", db.metadata.sorted_tables, ids=str)
def test_every_row_is_reached_through_its_shop(table: Table) -> None:
    """The domain stands for the shop where rows may come before it has a row, or outlive it."""
    if table.name in (Shop.__tablename__, Chore.__tablename__):
        return
    owner = "shop_domain" if table.name in (Webhook.__tablename__, PrivacyRequest.__tablename__) else "shop_id"
    numbered = [column.name for column in table.primary_key.columns] == ["id"]
    uniques = [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    indexes = [list(one.columns) for one in table.indexes if not str(one.name).endswith("_due")]
    keys = [*uniques, *indexes, *([] if numbered else [list(table.primary_key.columns)])]
    assert {columns[0].name for columns in keys} <= {owner}, table.name
    assert owner in table.columns


# Names and sizes


def test_no_module_has_a_vague_name() -> None:
    assert [short(path) for path in sources("shopify_app", "jobs", "devstore") if path.stem in VAGUE] == []


def test_a_function_fits_on_a_screen() -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    long = [
        f"{short(path)}: {node.name}"
        for path in OURS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, functions) and (node.end_lineno or 0) - node.lineno >= 40
    ]
    assert long == []


def test_nothing_of_ours_is_patched() -> None:
    """Tests use the real parts."""
    named = {short(path): {*imports(path), *arguments(path)} for path in sources("tests")}
    assert [path for path, names in named.items() if names & {"monkeypatch", "mocker", "unittest.mock"}] == []
    assert [path for path, names in named.items() if any(name.startswith("unittest.mock") for name in names)] == []


def arguments(path: Path) -> set[str]:
    return {node.arg for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.arg)}
