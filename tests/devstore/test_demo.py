"""The demo as a newcomer meets it: one command, the addresses it prints, Ctrl-C, and the same again tomorrow."""

import html
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.devstore.test_supervisor import environment, wait


class Demo:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mark = f"DEMO_FOLDER={folder}".encode()
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> list[str]:
        """The addresses it prints: start page, the app in either merchant's admin, the shop, its tracking page …"""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "devstore.demo"],
            env=os.environ | {"DEMO_FOLDER": str(self.folder)},
            stdout=subprocess.PIPE,
            text=True,
        )
        said = []
        while "Ctrl-C stops everything" not in "".join(said[-1:]):
            said.append(self.process.stdout.readline())
            assert said[-1], "".join(said)
        return re.findall(r"http://\S+", "".join(said))

    def stop(self, signum: int) -> int:
        self.process.send_signal(signum)
        code = self.process.wait(60)
        self.process.stdout.close()
        return code

    def processes(self) -> list[str]:
        """Whatever runs with the demo's folder or database in its environment."""
        marks = (self.mark, f"sqlite:///{self.folder}".encode())
        return [p.name for p in Path("/proc").glob("[0-9]*") if any(mark in environment(p) for mark in marks)]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(tmp_path / "demo")
    yield demo
    demo.stop(signal.SIGKILL)
    for pid in demo.processes():
        os.kill(int(pid), signal.SIGKILL)


def next_door(shop: str) -> str:
    """The second shop's address, one port further."""
    return re.sub(r"\d+/$", lambda port: f"{int(port[0][:-1]) + 1}/", shop)


def test_a_merchant_installs_today_and_finds_the_app_installed_tomorrow(demo: Demo) -> None:
    _, _, admin, shop, tracking, *_ = demo.start()
    assert requests.get(tracking, timeout=10).ok, "the first shop has the app from the beginning"
    tracking = next_door(shop) + "apps/aftercare"
    assert not requests.get(tracking, timeout=10).ok
    frame = requests.post(re.sub("/apps/.*", "/app/install", admin), timeout=10).text
    src = html.unescape(re.search(r'<iframe[^>]*src="([^"]+)"', frame)[1])
    assert requests.get(src, timeout=10).ok
    assert requests.get(tracking, timeout=10).ok
    assert demo.stop(signal.SIGINT) == 0
    assert demo.processes() == []

    _, _, admin, shop, *_ = demo.start()
    assert "<iframe" in requests.get(admin, timeout=10).text
    assert requests.get(next_door(shop) + "apps/aftercare", timeout=10).ok
    assert demo.stop(signal.SIGTERM) == 0
    assert demo.processes() == []


def test_a_demo_guards_its_folder_while_it_runs_and_leaves_nothing_running_when_it_is_killed(demo: Demo) -> None:
    demo.start()
    command = [sys.executable, "-m", "devstore.demo", "forget"]
    reset = subprocess.run(command, env=os.environ | {"DEMO_FOLDER": str(demo.folder)}, capture_output=True, text=True)
    assert reset.returncode == 1
    assert "A demo is running in this folder" in reset.stderr
    demo.stop(signal.SIGKILL)
    wait(lambda: demo.processes() == [], seconds=20)
