"""Play one scenario from the first start of its processes to the last look at its database."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError

from devstore.processes import free_port
from tests.faults import findings
from tests.faults.disturbances import Disturbance
from tests.faults.findings import Findings
from tests.faults.ground import Ground, settings
from tests.faults.news import tell
from tests.faults.plant import Plant
from tests.faults.scenarios import Scenario
from tests.faults.sender import Sender
from tests.faults.sink import KEY, Sink
from tests.setup import redis as redis_server
from tests.setup.redis import Redis

LEASE = 2
"""Seconds a worker may hold a row: short, so that takeovers happen while one watches."""
SWEEP = 1
"""Seconds between sweeps, in the same proportion."""
SETTLE = 480
"""Seconds after the last delivery within which all must be done."""


@dataclass
class Report:
    scenario: Scenario
    kind: str
    """Of the database."""
    findings: Findings
    deliveries: int
    kills: int
    """SIGKILLs, by the harness or at a named point."""
    deeds: dict[str, int]
    """What the disturbance did."""
    troubled: int
    """Messages the mail server made trouble about."""
    seconds: float
    settled: float
    """Seconds from the last acknowledgement to the last row done."""

    @property
    def wrongs(self) -> dict[str, int]:
        """What breaks a promise; empty when all were kept."""
        found = dict(self.findings.wrongs)
        doubts = self.findings.unknown
        stops = sum(times for deed, times in self.deeds.items() if deed.startswith("stopped"))
        if doubts > (0 if self.scenario.keyed else self.kills + stops + self.troubled):
            found["more unknown than mishaps"] = doubts
        return found


def play(scenario: Scenario, ground: Ground, count: int, seed: int) -> Report:
    """Raises TimeoutError when the app does not start or webhooks are never acknowledged."""
    with TemporaryDirectory(prefix="aftercare-faults-") as name:
        return _play(scenario, ground, count, seed, Path(name))


def _play(scenario: Scenario, ground: Ground, count: int, seed: int, folder: Path) -> Report:
    began = time.monotonic()
    database, sink = ground.fresh(), Sink(keyed=scenario.keyed and not scenario.forgets, trouble=scenario.trouble)
    redis = redis_server.start(folder / "redis") if scenario.redis == "up" else None
    env = settings(database) | _around(scenario, sink.open(), redis)
    plant = Plant(env, folder, scenario.workers, scenario.clocks)
    engine = create_engine(database)
    try:
        plant.open()
        story, sender = tell(count, seed), Sender(plant.url, scenario.pace)
        disturbance = Disturbance(plant, redis, ground.server, seed, scenario.disturb or _nothing)
        disturbance.begin()
        with _hurried(engine):
            try:
                sender.send(story.news, seed)
            finally:
                disturbance.end()
            settled = _settle(engine)
        kills = plant.logged("killed at") + sum(n for deed, n in disturbance.done.items() if deed.startswith("killed"))
        return Report(
            scenario=scenario,
            kind=ground.kind,
            findings=findings.look(engine, story, sender.acknowledged, sink),
            deliveries=sender.deliveries,
            kills=kills,
            deeds=dict(disturbance.done),
            troubled=sink.troubled,
            seconds=time.monotonic() - began,
            settled=settled,
        )
    finally:
        plant.close()
        sink.close()
        engine.dispose()
        if redis:
            redis.kill()


def _around(scenario: Scenario, smtp_url: str, redis: Redis | None) -> dict[str, str]:
    env = {"SMTP_URL": smtp_url, "WORK_LEASE_SECONDS": str(LEASE)}
    if scenario.redis != "none":
        env["REDIS_URL"] = redis.url if redis else f"redis://127.0.0.1:{free_port()}/0"
    if scenario.keyed:
        env["SMTP_IDEMPOTENCY_HEADER"] = KEY
    if scenario.kill_at:
        env["KILL_AT"] = scenario.kill_at
    return env


def _settle(engine: Engine) -> float:
    """Wait until nothing is left to do; gives up without a word, for the findings will tell."""
    began = time.monotonic()
    while findings.undone(engine) and time.monotonic() - began < SETTLE:
        time.sleep(0.2)
    return time.monotonic() - began


@contextmanager
def _hurried(engine: Engine) -> Iterator[None]:
    over = threading.Event()

    def hurry() -> None:
        while not over.wait(SWEEP):
            with suppress(OperationalError):
                findings.hurry(engine)

    thread = threading.Thread(target=hurry, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _nothing(_it: Disturbance) -> None:
    pass
