"""Is what was acknowledged still there when the machine's processes die? And would this test notice if it were not?"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine

from tests.faults import findings
from tests.faults.ground import Ground, Postgresql, Sqlite, settings
from tests.faults.news import tell
from tests.faults.plant import Plant
from tests.faults.sender import AT_ONCE, Sender

LOAD = 4
"""Seconds of webhooks, as fast as they go, before the blow."""
SLOW_WRITER = {"wal_writer_delay": "10s"}
"""With synchronous_commit=off the log reaches the disk when its writer wakes: seldom, so that a trial can be short."""


@dataclass
class Trial:
    acknowledged: int
    missing: int


def database_killed(folder: Path, synchronous_commit: str) -> Trial:
    """PostgreSQL with all its sessions is killed under load, and started again."""
    ground = Postgresql(folder, synchronous_commit=synchronous_commit, **SLOW_WRITER)

    def blow(_plant: Plant) -> None:
        if ground.server:
            ground.server.kill()
            ground.server.start()

    return _trial(ground, folder, blow)


def web_killed(folder: Path) -> Trial:
    """On SQLite the writer is the web server itself."""
    return _trial(Sqlite(folder), folder, lambda plant: plant.services[0].kill())


def _trial(ground: Ground, folder: Path, blow: Callable[[Plant], None]) -> Trial:
    database = ground.fresh()
    plant = Plant(settings(database), folder, workers=0, clocks=0)
    engine = create_engine(database)
    try:
        plant.open()
        sender, over = Sender(plant.url), threading.Event()
        threads = [threading.Thread(target=_load, args=(sender, number, over)) for number in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        time.sleep(LOAD)
        blow(plant)
        over.set()
        for thread in threads:
            thread.join()
        return Trial(len(sender.acknowledged), findings.missing(engine, sender.acknowledged))
    finally:
        plant.close()
        engine.dispose()
        ground.close()


def _load(sender: Sender, number: int, over: threading.Event) -> None:
    """New webhooks without end."""
    seed = number * 1_000_000
    while not over.is_set():
        seed += 1_000
        for one in tell(50, seed).news:
            if not over.is_set():
                sender.deliver(one)
