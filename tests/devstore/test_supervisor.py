"""Who starts the demo gets all of it, and who stops it has nothing left on the machine, however it was stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SCRIPT = """
import os, sys
from pathlib import Path
from devstore.supervisor import Program, Supervisor

supervisor = Supervisor()
folder = Path(sys.argv[1])
commands = {"plain": "exec sleep 1000", "parent": "sleep 1000 & wait", "deaf": "trap '' TERM; sleep 1000"}
for name in sys.argv[2:]:
    supervisor.start(Program(name, ["sh", "-c", commands[name]], os.environ, folder / f"{name}.log"))
try:
    supervisor.watch()
finally:
    supervisor.stop()
"""


class Demo:
    """A supervisor with some programs; everything it starts carries a mark in its environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mark = f"DEMO_MARK={folder}".encode()

    def start(self, *programs: str) -> None:
        with (self.folder / "out").open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SCRIPT, str(self.folder), *programs],
                env=os.environ | {"DEMO_MARK": str(self.folder)},
                stdout=out,
            )
        wait(lambda: self.said().count("ready") == len(programs))

    def said(self) -> str:
        return (self.folder / "out").read_text()

    def programs(self) -> list[int]:
        """Everything that runs with our mark but the supervisor itself."""
        found = [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if self.mark in environment(entry)]
        return [pid for pid in found if pid != self.process.pid]


def environment(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes()
    except OSError:
        return b""


def wait(until: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(tmp_path)
    yield demo
    demo.process.kill()
    demo.process.wait()
    for pid in demo.programs():
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopping_the_demo_ends_every_process_and_their_children(demo: Demo, signum: signal.Signals) -> None:
    demo.start("plain", "parent")
    wait(lambda: len(demo.programs()) == 3)
    demo.process.send_signal(signum)
    assert demo.process.wait(10) == 0
    assert demo.programs() == []


def test_asking_twice_ends_even_what_does_not_listen(demo: Demo) -> None:
    demo.start("deaf")
    demo.process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert demo.process.poll() is None
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(10) == 0
    assert demo.programs() == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_a_killed_demo_takes_its_programs_with_it(demo: Demo) -> None:
    demo.start("plain")
    demo.process.kill()
    wait(lambda: demo.programs() == [])


def test_a_program_that_dies_is_started_again_and_the_person_is_told(demo: Demo) -> None:
    demo.start("plain")
    [first] = demo.programs()
    os.kill(first, signal.SIGKILL)
    wait(lambda: "plain runs again" in demo.said())
    assert "plain ended (killed by SIGKILL), starting it again in 1 s" in demo.said()
    [second] = demo.programs()
    assert second != first
