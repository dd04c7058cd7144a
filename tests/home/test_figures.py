"""Every number of the start page is what a second, independent count of all rows finds, over random pasts."""

import re

import pytest

from shopify_app import clock
from shopify_app.db import rest
from shopify_app.home.measures import MEASURES
from shopify_app.shopify.models import Shop
from tests.home.conftest import Merchant
from tests.home.histories import History
from tests.home.recount import Recount
from tests.home.test_start import text

NUMBERS = re.compile(r"(?:–|[\d.,]+(?: %)?) \(([\d,]+) of ([\d,]+)\)")
ROW = re.compile(r"<s-table-row>\s*(.*?)</s-table-row>", re.DOTALL)
CELL = re.compile(r"<s-table-cell>(.*?)</s-table-cell>", re.DOTALL)
CLOCK = re.compile(r"(late since|until) (\w+ \d+, \d+), \d+:(\d\d)")
SEEDS = range(3)


@pytest.fixture(params=SEEDS)
def recount(request: pytest.FixtureRequest, shop: Shop, other_shop: Shop) -> Recount:
    History(other_shop, request.param + 100, numbers=1_000_000)
    History(shop, request.param)
    rest()
    return Recount(shop, clock.now())


def shown(page: str, before: str) -> list[tuple[int, int]]:
    """Pairs of numbers that stand behind some words."""
    found = [match for match in NUMBERS.finditer(page) if page[: match.start()].endswith(before)]
    return [(int(one[1].replace(",", "")), int(one[2].replace(",", ""))) for one in found]


def weeks(page: str) -> list[tuple[int, int]]:
    """As the table of a figure's page has them, the newest first."""
    table = page[page.index("Week from") :]
    cells = [CELL.findall(row) for row in ROW.findall(table)]
    return [(int(hits.replace(",", "")), int(of.replace(",", ""))) for _, _, hits, of in cells]


def test_every_figure_is_what_all_rows_say(recount: Recount, merchant: Merchant) -> None:
    """One past for all figures: making it takes longer than counting it."""
    for name, measure in MEASURES.items():
        page = merchant.opens(f"/figures/{name}").text
        assert weeks(page) == recount.weeks(name), name
        told = text(page)
        assert shown(told, "Since the install: ") == [recount.since(name)], name
        known = [recount.before(name)] if measure.is_known_before else []
        assert shown(told, "In the 60 days before: ") == known, name
        lines = merchant.asks("GET", f"/figures/{name}.csv", query_string=signed(merchant), buffered=True).text
        rows = [line.rsplit(",", 1)[1] for line in lines.splitlines()[1:]]
        below = len(rows) if measure.is_share else rows.count("0")
        assert (rows.count("1"), below) == tuple(map(sum, zip(*recount.weeks(name), strict=True))), name


def test_every_tile_shows_what_all_rows_say(recount: Recount, merchant: Merchant) -> None:
    tiles = {"lookups": ["lookups"], "promises": ["arrivals", "refunds"], "feedback": ["feedback"]}
    for tile, names in tiles.items():
        page = text(merchant.opens(f"/figures/tiles/{tile}").text)
        for name in names:
            hits, of = map(sum, zip(*recount.weeks(name)[:4], strict=True))
            title = MEASURES[name].title
            share = "–" if not of else f"{100 * hits / of:.1f}".removesuffix(".0")
            placed = "order placed" if of == 1 else "orders placed"
            told = f"{hits} for {of} {placed}" if name == "lookups" else f"{hits} of {of}"
            unit = "" if name == "lookups" or not of else " %"
            assert f"{share}{unit} {title}: {told}" in page.replace(",", "")
    page = text(merchant.opens("/figures/tiles/carts").text)
    for name in ("written", "held"):
        hits, of = map(sum, zip(*recount.weeks(name), strict=True))
        assert f"{MEASURES[name].title}: {hits} of {of}" in page


def test_the_day_s_work_is_what_all_rows_say(recount: Recount, merchant: Merchant) -> None:
    page, now, found = merchant.opens().text, clock.now(), {}
    for row in page.split('<s-table-row clickdelegate="duty-')[1:]:
        name, words = row.split('"')[0], text(row[row.index(">") + 1 :])
        found[name] = (int(words.split()[0]), CLOCK.findall(words))
    told = {}
    for name, duty in recount.duties().items():
        due = duty.due and duty.due.astimezone(recount.home)
        clocks = (
            [("late since" if due <= now else "until", f"{due:%b} {due.day}, {due.year}", f"{due:%M}")] if due else []
        )
        told[name] = (duty.count, clocks)
    assert found == told


def signed(merchant: Merchant) -> dict[str, str]:
    return merchant.frame | {"id_token": merchant.token}
