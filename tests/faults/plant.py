"""The app as it runs in production, on this machine: real processes, and an init that starts again what died."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import requests

from devstore.processes import dies_with_us, free_port
from tests.faults.ground import ROOT

IDLE = 1.5
"""Seconds a worker may be without its child before the init starts the whole of it anew."""
STARTING = 60
"""Seconds it may take to have one at first."""


@dataclass
class Service:
    """One command that must run, as an init system sees it. Its group dies and starts as a whole."""

    name: str
    command: list[str]
    env: dict[str, str]
    log: Path
    supervises: bool = False
    """Whether it keeps children alive by itself, as the worker does."""
    starts: int = 0
    process: subprocess.Popen[bytes] | None = None
    _whole_at: float = 0

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=dies_with_us(),
            )
        self.starts += 1
        self._whole_at = time.monotonic() + STARTING - IDLE

    def members(self) -> list[psutil.Process]:
        """The process and its children, without Python's own bookkeeper."""
        try:
            first = psutil.Process(self.process.pid if self.process else 0)
            children = first.children(recursive=True)
            return [first, *(child for child in children if "resource_tracker" not in " ".join(child.cmdline()))]
        except psutil.Error:
            return []

    def kill(self) -> None:
        """SIGKILL to the whole group, as by a machine's end."""
        if self.process:
            _signal_group(self.process.pid, signal.SIGKILL)
            self.process.wait(30)

    def stop(self, seconds: float = 30) -> float:
        """SIGTERM to its first process, as an operator does; returns how long it took, or raises TimeoutExpired."""
        before = time.monotonic()
        if self.process:
            self.process.terminate()
            self.process.wait(seconds)
        return time.monotonic() - before

    def is_down(self) -> bool:
        """Dead, or a supervisor that has paused before starting its child again."""
        if self.process is None or self.process.poll() is not None:
            return True
        if not self.supervises or len(self.members()) > 1:
            self._whole_at = max(self._whole_at, time.monotonic())
        return time.monotonic() - self._whole_at > IDLE


@dataclass
class Plant:
    """web, a worker for each queue and a clock, or several of each."""

    env: dict[str, str]
    folder: Path
    workers: int = 1
    clocks: int = 1
    port: int = field(default_factory=free_port)
    services: list[Service] = field(default_factory=list)
    _closing: threading.Event = field(default_factory=threading.Event)
    _init: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        """Start everything; returns when the web server answers and every worker has its child."""
        granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--blocking-threads", "16"]
        self._add("web", [*granian, "--port", str(self.port), "shopify_app.wsgi:app"])
        for number in range(self.workers):
            for queue in ("webhooks", "mail"):
                self._add(f"{queue}-{number}", [sys.executable, "-m", "jobs.worker", queue], supervises=True)
        for number in range(self.clocks):
            self._add(f"clock-{number}", [sys.executable, "-m", "jobs.clock"])
        # Children are told when the thread that started them ends: so it is one that lives as long as the plant.
        self._init = threading.Thread(target=self._watch, daemon=True)
        self._init.start()
        self._wait(180)

    def close(self) -> None:
        self._closing.set()
        if self._init:
            self._init.join()

    def named(self, prefix: str) -> list[Service]:
        return [service for service in self.services if service.name.startswith(prefix)]

    def logged(self, text: str) -> int:
        """How often a text stands in the logs of all processes."""
        return sum(service.log.read_text(errors="replace").count(text) for service in self.services)

    def _add(self, name: str, command: list[str], supervises: bool = False) -> None:
        self.services.append(Service(name, command, self.env, self.folder / f"{name}.log", supervises))

    def _watch(self) -> None:
        for service in self.services:
            service.start()
        while not self._closing.wait(0.1):
            for service in self.services:
                if service.is_down():
                    service.kill()
                    service.start()
        for service in self.services:
            service.kill()

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self._answers() and all(len(one.members()) > 1 for one in self.services if one.supervises):
                return
            time.sleep(0.1)
        logs = "\n".join(f"{one.name}: {one.log.read_text()[-800:]}" for one in self.services if one.log.exists())
        raise TimeoutError(f"the app did not start in {seconds} s\n{logs}")

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except requests.RequestException:
            return False


def _signal_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)
