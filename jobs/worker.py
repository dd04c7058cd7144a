"""python -m jobs.worker: one process per queue, each started anew when it dies.

With Redis a process is an RQ worker that waits for the bell; without, it looks into the database by itself. One queue
per process: an RQ worker that listens on several loses jobs when it is killed.
"""

import importlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.context import SpawnContext
from multiprocessing.process import BaseProcess

import structlog
from redis import Redis, RedisError
from rq import Queue, SimpleWorker

from jobs.context import app
from shopify_app.config import ConfigError
from shopify_app.queue import QUEUES, Doorbell

log = structlog.get_logger()

LOOK = 0.025
"""Seconds between looks into the database when there is no bell."""
GRACE = 20
"""Seconds that running work may take to come to an end."""
PAUSES = (0.2, 1, 3, 10)
"""Seconds before a process that died is started again: longer while it keeps dying."""
STEADY = 60
"""Seconds after which a process counts as well."""


class Listener(SimpleWorker):
    max_connection_wait_time = 5.0
    """Seconds between looks for a Redis that went away; RQ's own minute would delay work for as long."""


def main(queues: Sequence[str] = QUEUES) -> None:
    app()
    stopping = _until_told()
    context = multiprocessing.get_context("spawn")
    keepers = [threading.Thread(target=_keep, args=(context, queue, stopping)) for queue in queues]
    for keeper in keepers:
        keeper.start()
    for keeper in keepers:
        keeper.join()


def _keep(context: SpawnContext, queue: str, stopping: threading.Event) -> None:
    """Keep one queue's process alive until it is time to stop."""
    deaths = 0
    while not stopping.is_set():
        process = context.Process(target=work, args=(queue, os.getpid()), name=f"worker-{queue}", daemon=True)
        process.start()
        born = time.monotonic()
        while process.is_alive() and not stopping.wait(0.1):
            pass
        if stopping.is_set():
            _end(process)
            return
        deaths = 1 if time.monotonic() - born > STEADY else deaths + 1
        log.warning("worker_died", queue=queue, exit_code=process.exitcode)
        stopping.wait(PAUSES[min(deaths, len(PAUSES)) - 1])


def _end(process: BaseProcess) -> None:
    process.terminate()
    process.join(GRACE)
    if process.is_alive():
        process.kill()


def work(queue: str, parent: int) -> None:
    """The life of one queue's process. It ends with its parent, even one that was killed."""
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    stopping = _until_told()
    drain = importlib.import_module(f"jobs.{queue}").drain
    drain()
    bell: Doorbell = app().extensions["doorbell"]
    if bell.redis is None:
        _look(drain, stopping)
    elif not stopping.is_set():
        _listen(queue, bell.redis)


def _until_told() -> threading.Event:
    """Set by SIGTERM or SIGINT, which from now on end nothing by themselves: work at hand comes to its end."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    return told


def _look(drain: Callable[[], None], stopping: threading.Event) -> None:
    while not stopping.wait(LOOK):
        drain()


def _listen(queue: str, redis: Redis) -> None:
    """Wait for the bell; RQ sees to the signals. Ends the process when Redis is not there to begin with."""
    try:
        bells = [Queue(queue, connection=redis, serializer="json")]
        worker = Listener(bells, connection=redis, serializer="json", maintenance_interval=30, worker_ttl=60)
        worker.work(logging_level="WARNING")
    except RedisError as error:
        log.warning("bell_gone", queue=queue, error=type(error).__name__)
        sys.exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    try:
        main(sys.argv[1:] or QUEUES)
    except ConfigError as error:
        sys.exit(f"Aftercare does not start: {error}")
