"""Keeps a handful of programs running until it is told to stop, and takes all of them with it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from devstore.processes import dies_with_us

STEADY = 60.0  # seconds a program has to live before its earlier deaths are forgotten
LONGEST_PAUSE = 30.0
GRACE = 25.0  # seconds a program gets to finish what it is doing: more than the worker gives its own


class Stopped(Exception):
    """Somebody asked us to stop while we were still starting."""


@dataclass
class Program:
    """`ready` tells whether it can be used; `env` is all it gets to see."""

    name: str
    command: list[str]
    env: Mapping[str, str]
    log: Path
    ready: Callable[[], bool] = lambda: True
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    again: float = field(default=0.0)

    def start(self) -> None:
        """In a session of its own, so that Ctrl-C in the terminal reaches us alone and we decide who stops when."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_us(),
            )
        self.started = time.monotonic()

    def ended(self) -> int | None:
        """Its exit code; None while it runs or when it was not started."""
        return self.process.poll() if self.process else None

    def send(self, signum: int) -> None:
        if self.process:
            with suppress(ProcessLookupError):
                os.kill(self.process.pid, signum)

    def clear(self) -> None:
        """Kills whatever is left of it and its children: all of them stand in the session it began."""
        if self.process:
            for pid in session(self.process.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Programs start in the order given and stop in the opposite one, all of them in the end."""

    def __init__(self) -> None:
        self.running: list[Program] = []
        self.asked = 0
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, self._ask)

    def run(self, program: Program, seconds: float = 180) -> None:
        """Returns when it has ended well; RuntimeError with the end of its log when it has not."""
        self._begin(program, lambda: program.ended() == 0, seconds)

    def start(self, program: Program, seconds: float = 180) -> None:
        """Returns when it is ready; RuntimeError with the end of its log when it dies or takes too long."""
        self.running.append(program)
        self._begin(program, program.ready, seconds)

    def _begin(self, program: Program, done: Callable[[], bool], seconds: float) -> None:
        say(f"  {program.name:<9}", end="")
        program.start()
        while not done():
            if self.asked:
                raise Stopped
            if (code := program.ended()) is not None:
                raise RuntimeError(f"ended ({_reason(code)}):\n{tail(program.log)}")
            if time.monotonic() > program.started + seconds:
                raise RuntimeError(f"not ready after {seconds:.0f} s:\n{tail(program.log)}")
            time.sleep(0.1)
        say(f"ready after {time.monotonic() - program.started:.1f} s")

    def watch(self) -> None:
        """Starts again what dies, with a longer and longer pause, until somebody asks us to stop."""
        while not self.asked:
            for program in self.running:
                self._look_after(program)
            time.sleep(0.2)

    def stop(self) -> None:
        """Asks every program to finish, the last one first; kills what has not after GRACE, or when asked twice."""
        for program in reversed(self.running):
            program.send(signal.SIGTERM)
            self._wait(program)
            program.clear()
        self.running.clear()

    def _wait(self, program: Program) -> None:
        until = time.monotonic() + GRACE
        while program.ended() is None and time.monotonic() < until and self.asked < 2 and program.process:
            time.sleep(0.05)

    def _look_after(self, program: Program) -> None:
        now = time.monotonic()
        if program.process is None:
            if now >= program.again:
                program.start()
                say(f"{program.name} runs again")
        elif (code := program.ended()) is not None:
            program.clear()  # or its orphans would work beside the next one
            program.deaths = 1 if now - program.started > STEADY else program.deaths + 1
            pause = min(2.0 ** (program.deaths - 1), LONGEST_PAUSE)
            program.process, program.again = None, now + pause
            say(f"{program.name} ended ({_reason(code)}), starting it again in {pause:.0f} s; see {program.log}")

    def _ask(self, signum: int, frame: FrameType | None) -> None:
        self.asked += 1


def say(text: str, end: str = "\n") -> None:
    print(text, end=end, flush=True)


def session(leader: int) -> list[int]:
    """Everyone in the session that `leader` began, itself included, even after its end. Elsewhere than on Linux only
    `leader`: there is no list of processes to look through."""
    processes = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")] or [leader]
    return [pid for pid in processes if _session_of(pid) == leader]


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None


def tail(log: Path, lines: int = 20) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def _reason(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit {code}"


def environment(
    own: Mapping[str, str], keep: Iterable[str] = ("PATH", "HOME", "LANG", "TZ", "TMPDIR")
) -> dict[str, str]:
    """`own` and the few variables every program needs: what a person has set for other apps must not leak in."""
    return {name: os.environ[name] for name in keep if name in os.environ} | dict(own)
