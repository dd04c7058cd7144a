"""What befalls the processes while they work. Each runs in a thread until it is told to stop, and says what it did."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable

import psutil

from tests.faults.plant import Plant
from tests.setup.postgres import Postgres
from tests.setup.redis import Redis

Disturb = Callable[["Disturbance"], None]


class Disturbance:
    """A thread that does `what` until `end()`. `done` counts its deeds by name."""

    def __init__(self, plant: Plant, redis: Redis | None, database: Postgres | None, seed: int, what: Disturb) -> None:
        self.plant, self.redis, self.database = plant, redis, database
        self.rng, self.done = random.Random(seed), Counter[str]()
        self._over = threading.Event()
        self._thread = threading.Thread(target=what, args=(self,), daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._over.set()
        self._thread.join()

    def pause(self, seconds: float) -> bool:
        """False when it is time to stop."""
        return not self._over.wait(seconds)


def kills(it: Disturbance) -> None:
    """SIGKILL to a random process about once a second: alone, or with its whole group."""
    while it.pause(it.rng.uniform(0.4, 1.4)):
        service = it.rng.choice(it.plant.services)
        members = service.members()
        if members and it.rng.random() < 0.6:
            _send(members[-1].pid, signal.SIGKILL)
        else:
            service.kill()
        it.done[f"killed {service.name}"] += 1


def stops(it: Disturbance) -> None:
    """SIGSTOP to a worker's child for longer than its lease, then SIGCONT."""
    while it.pause(it.rng.uniform(0.3, 1)):
        service = it.rng.choice([one for one in it.plant.services if one.supervises])
        members = service.members()
        if len(members) < 2:
            continue
        _send(members[-1].pid, signal.SIGSTOP)
        it.pause(it.rng.uniform(2.5, 4))
        _send(members[-1].pid, signal.SIGCONT)
        it.done[f"stopped {service.name}"] += 1


def restarts(it: Disturbance) -> None:
    """SIGTERM to one service after the other, as a new version is rolled out; the init starts each one anew."""
    while True:
        for service in it.plant.services:
            if not it.pause(0.5):
                return
            took = service.stop()
            it.done["restarted"] += 1
            it.done["longest stop, s"] = max(it.done["longest stop, s"], round(took))


def flushes(it: Disturbance) -> None:
    while it.pause(0.3):
        if it.redis:
            it.redis.flush()
            it.done["flushed redis"] += 1


def outage(it: Disturbance) -> None:
    """Redis is killed, and is back half a minute later."""
    it.pause(2)
    if it.redis:
        it.redis.kill()
        time.sleep(30)
        it.redis.start()
        it.done["redis away 30 s"] += 1


def blackouts(it: Disturbance) -> None:
    """PostgreSQL is killed with all its sessions, and is back a moment later."""
    while it.pause(it.rng.uniform(2, 5)):
        if it.database:
            it.database.kill()
            it.pause(0.5)
            it.database.start()
            it.done["killed database"] += 1


def _send(pid: int, number: signal.Signals) -> None:
    if psutil.pid_exists(pid):
        os.kill(pid, number)
