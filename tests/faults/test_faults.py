"""Whatever is killed, stopped or starved: no acknowledged webhook is lost, and no buyer is written to twice.

This is a slice; `python -m tests.faults` plays every scenario with a thousand webhooks.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.faults import disturbances, durability
from tests.faults.ground import ROOT, Ground, Postgresql, Sqlite, settings
from tests.faults.play import play
from tests.faults.scenarios import Scenario

pytestmark = pytest.mark.faults

COUNT = 150
KILLED = Scenario("killed at random, hold", disturb=disturbances.kills, pace=60)
KEYED = Scenario("killed at random, keyed", keyed=True, disturb=disturbances.kills, pace=60)
TAKEN = Scenario("killed after the mail was taken, hold", kill_at="message_accepted:0.15")
TAKEN_KEYED = Scenario("killed after the mail was taken, keyed", keyed=True, kill_at="message_accepted:0.15")
STOPPED = Scenario("stopped past the lease", disturb=disturbances.stops, pace=30, workers=2)
NO_REDIS = Scenario("redis never started", redis="down")
ROLLED_OUT = Scenario("rolled out anew", disturb=disturbances.restarts, pace=30, workers=2, clocks=2)


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    prepared = Sqlite(tmp_path_factory.mktemp("sqlite"))
    yield prepared
    prepared.close()


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    prepared = Postgresql(tmp_path_factory.mktemp("postgresql"))
    yield prepared
    prepared.close()


@pytest.mark.parametrize("scenario", [KILLED, TAKEN_KEYED, STOPPED, NO_REDIS], ids=lambda one: one.name)
def test_every_promise_holds_on_sqlite_when_processes_are(sqlite: Ground, scenario: Scenario) -> None:
    keeps_its_promises(scenario, sqlite)


@pytest.mark.parametrize("scenario", [KILLED, KEYED, TAKEN, ROLLED_OUT], ids=lambda one: one.name)
def test_every_promise_holds_on_postgresql_when_processes_are(postgresql: Ground, scenario: Scenario) -> None:
    keeps_its_promises(scenario, postgresql)


def keeps_its_promises(scenario: Scenario, ground: Ground) -> None:
    report = play(scenario, ground, COUNT, seed=COUNT)
    assert not report.wrongs, report
    if scenario.disturb is disturbances.kills or scenario.kill_at:
        assert report.kills, "nothing was killed: this proves nothing"


def test_a_buyer_who_is_written_to_twice_would_be_noticed(sqlite: Ground) -> None:
    """The same count must fail when the provider only says that it recognises repeated messages."""
    report = play(Scenario("taken twice", keyed=True, forgets=True, trouble="taken"), sqlite, COUNT, seed=COUNT)
    assert report.findings.twice


def test_what_was_acknowledged_survives_the_end_of_the_database(tmp_path: Path) -> None:
    trial = durability.database_killed(tmp_path, "on")
    assert trial.acknowledged and not trial.missing


def test_a_database_that_forgets_on_its_end_would_be_noticed(tmp_path: Path) -> None:
    """The same trial must fail when PostgreSQL may answer before it has written."""
    trial = durability.database_killed(tmp_path, "off")
    assert trial.missing


def test_what_was_acknowledged_survives_the_end_of_the_web_server(tmp_path: Path) -> None:
    trial = durability.web_killed(tmp_path)
    assert trial.acknowledged and not trial.missing


def test_four_processes_write_to_sqlite_at_once_and_none_is_locked_out(tmp_path: Path) -> None:
    ground = Sqlite(tmp_path)
    database = ground.fresh()
    writers = [_writer(database, number) for number in range(1, 5)]
    for writer in writers:
        counted, errors = writer.communicate(timeout=120)
        assert writer.returncode == 0, errors
        assert int(counted) > 0
    engine = create_engine(database)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT DISTINCT result, error FROM webhooks")).all() == [("done", None)]
    engine.dispose()


def _writer(database: str, number: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.writer", str(number), "4"],
        cwd=ROOT,
        env=settings(database),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
