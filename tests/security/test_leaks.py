"""What must lie nowhere: secrets in the repository, in pages, in logs; markup and SQL put together from texts."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from devstore import server
from shopify_app import config, logs
from shopify_app.db import db, rest
from shopify_app.shopify.models import Shop, named
from tests.conftest import LUMEN, SECRET, Jobs
from tests.home.conftest import Merchant
from tests.routes import Values, doors

ROOT = Path(__file__).parents[2]
SECRETS = re.compile(
    r"shp(?:at|ca|pa|ss|rt|ua|tka)_[0-9a-fA-F]{32}|-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|ghp_\w{36}"
)
"""How Shopify's tokens and secrets begin, and the commonest of others."""
SOURCES = [*ROOT.glob("shopify_app/**/*.py"), *ROOT.glob("jobs/*.py")]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone")
def test_no_file_of_the_repository_holds_a_secret() -> None:
    files = [path for path in tracked() if path.is_file()]
    assert len(files) > 500
    assert [path.name for path in files if SECRETS.search(path.read_text(errors="ignore"))] == []
    kinds = {path.name for path in files if path.suffix in (".pem", ".key", ".p12") or path.name.startswith(".env")}
    assert kinds == set()


def test_the_checker_knows_a_secret_when_it_sees_one() -> None:
    assert SECRETS.search("token = 'shpat_" + "0a" * 16 + "'")
    assert SECRETS.search("-----BEGIN " + "RSA PRIVATE KEY-----")


def test_no_page_tells_the_browser_a_secret(
    app: Flask, client: FlaskClient, merchant: Merchant, filled: Values, shop: Shop
) -> None:
    settings = app.extensions["config"]
    secrets = [settings.api_secret, "shpat_", "shprt_", settings.database_url, settings.smtp_url]
    for door in doors(app, "merchant"):
        if door.method == "GET":
            rest()
            headers = {"Authorization": f"Bearer {merchant.token}"}
            page = client.get(door.address(door.rows(filled)), headers=headers, query_string=merchant.frame)
            assert [one for one in secrets if one.encode() in page.data] == [], f"{door}"


def test_every_page_may_be_framed_by_its_own_shop_alone(
    app: Flask, client: FlaskClient, merchant: Merchant, neighbour: Merchant, filled: Values
) -> None:
    """Not by a list that is the same for all, and not by everybody."""
    for door in doors(app, "merchant"):
        for one in (merchant, neighbour) if door.method == "GET" else ():
            rest()
            headers = {"Authorization": f"Bearer {one.token}"}
            page = client.get(door.address(door.rows(filled)), headers=headers, query_string=one.frame)
            page.get_data()  # what is streamed is read to its end
            if page.mimetype == "text/html":
                policy = page.headers["Content-Security-Policy"]
                framed = f"frame-ancestors https://{one.domain} https://admin.shopify.com;"
                assert framed in policy or "frame-ancestors 'none'" in policy, f"{door}: {policy}"


def test_no_log_line_holds_a_token_or_a_secret(
    shopify: server.Running, client: FlaskClient, jobs: Jobs, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the install through the first import and a call that is refused, at the most talkative level."""
    usual = structlog.get_config()
    logs.configure("DEBUG")
    try:
        opened = shopify.open_app(LUMEN)
        client.get(opened.removeprefix(shopify.app_url))
        jobs.run()
        first = named(LUMEN)
        held = [first.access_token, first.refresh_token, first.email]
        shopify.state.install(LUMEN).tokens.clear()  # type: ignore[union-attr]
        rest()
        jobs.run()
    finally:
        structlog.configure(**usual)
    told = capsys.readouterr()
    assert '"admin_api"' in told.err, "or there was nothing to look at"
    assert [one for one in (*held, SECRET) if one and one in told.err + told.out] == []


def test_a_log_line_withholds_what_it_was_given_by_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    usual = structlog.get_config()
    logs.configure("INFO")
    structlog.get_logger().warning("mistake", token="shpat_1", email="nora@example.com", body="{}")
    structlog.configure(**usual)
    assert "shpat_1" not in (said := capsys.readouterr().err) and "nora@" not in said


def test_no_token_leaves_the_database_for_a_metafield_or_a_document() -> None:
    for path in ROOT.glob("shopify_app/**/queries/**/*.graphql"):
        assert not re.search(r"access_?token|refresh_?token|client_?secret", path.read_text(), re.IGNORECASE), path
    users = {path.name for path in SOURCES if re.search(r"shop\.(access|refresh)_token\b", path.read_text())}
    assert users == {"install.py"}, "only these read or forget a shop's token"


RUNNING = {"text", "db.text", "db.session.execute", "connection.execute", "connection.exec_driver_sql"}
"""What is given SQL."""


def test_no_statement_is_put_together_from_texts() -> None:
    """`text` and `execute` are given words that stand in the source, never made ones."""
    made = [
        f"{path.name}:{node.lineno}"
        for path in SOURCES
        if "versions" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in RUNNING
        if any(isinstance(one, ast.JoinedStr | ast.BinOp) and _is_text(one) for one in node.args[:1])
    ]
    assert made == []


def _is_text(node: ast.expr) -> bool:
    """Put together from texts, as against conditions of SQLAlchemy, which know no plus with a text."""
    return isinstance(node, ast.JoinedStr) or any(
        isinstance(one, ast.JoinedStr) or (isinstance(one, ast.Constant) and isinstance(one.value, str))
        for one in ast.walk(node)
    )


def test_no_script_writes_markup() -> None:
    words = (r"\.(inner|outer)HTML\s*=", "insertAdjacentHTML", r"document\.write", "dangerouslySet", r"\beval\(")
    writes = re.compile("|".join(words))
    scripts = [path for kind in ("js", "ts", "tsx", "jsx") for path in ROOT.glob(f"extensions/*/src/**/*.{kind}")]
    scripts += [*ROOT.glob("shopify_app/static/*.js"), *ROOT.glob("extensions/shared/**/*.ts*")]
    scripts += [*ROOT.glob("templates/**/*.html"), *ROOT.glob("extensions/*/blocks/*.liquid")]
    assert len(scripts) > 50
    assert [path.name for path in scripts if writes.search(path.read_text())] == []


def test_markup_that_is_not_escaped_is_made_in_few_places() -> None:
    """Each of them is looked at here: what goes in has been escaped, or is ours."""
    safe = {
        path.name
        for path in ROOT.glob("templates/**/*.*")
        if re.search(r"\|\s*safe\b|autoescape false", path.read_text())
    }
    assert safe == {"mail.html", "preview.html"}, "a list of fonts that is checked, and our own style sheet"
    made = {path.name for path in SOURCES if "Markup(" in path.read_text()}
    told = "the first two format into it, which escapes, or draw it themselves; the others hold what a template made"
    assert made == {"marks.py", "slip.py", "notice.py", "papers.py"}, told


def test_only_configured_addresses_are_called() -> None:
    """A call's address begins with the configuration's, or is one that Shopify itself gave for a file."""
    callers = [path for path in SOURCES if re.search(r"^import requests$", path.read_text(), re.MULTILINE)]
    names = {path.stem for path in callers}
    assert names == {"install", "admin_api", "bulk", "customer_api", "upload", "karrio"}
    stays = re.compile(r"allow_redirects(=|\": )False")
    assert all(stays.search(path.read_text()) for path in callers), "or an answer could send us anywhere"


def test_dependencies_are_looked_after() -> None:
    """Shopify asks for it: whatever a registry reports is proposed as a change, which the whole suite then judges."""
    rules = (ROOT / ".github/dependabot.yml").read_text()
    watched = set(re.findall(r'package-ecosystem: "(\w+)"\n\s+directory: "([^"]+)"', rules))
    assert watched == {("pip", "/"), ("pip", "/devstore"), ("npm", "/")}
    asked = [path for path in ROOT.glob("**/requirements*.txt") if not {"node_modules", ".venv"} & set(path.parts)]
    assert {f"/{path.parent.relative_to(ROOT)}".replace("/.", "/") for path in asked} == {"/", "/devstore"}


def test_every_secret_comes_from_the_environment() -> None:
    """The example of the app's file names the app, which is public, and nothing else."""
    declared = tomllib.loads((ROOT / "shopify.app.toml").read_text())
    assert not {name for name in declared if "secret" in name or "token" in name}
    fields = {name for name in config.Config.__dataclass_fields__ if "secret" in name or "key" in name}
    assert {"api_secret", "encryption_keys", "index_key"} <= fields


def test_what_is_stored_of_a_shops_tokens_cannot_be_read(installed: Shop) -> None:
    held = db.session.execute(db.text("SELECT access_token, refresh_token FROM shops")).all()
    assert installed.access_token
    assert all(installed.access_token not in str(value) for row in held for value in row)
