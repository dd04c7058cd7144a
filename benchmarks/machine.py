"""Servers for the benchmarks: started on one core, stopped at the end, everything else on the other core."""

import base64
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECRET = "benchmark-benchmark-benchmark-32"
SERVER_CORE, OTHER_CORE = "0", "1"


def env(port: int, database: str, redis_url: str | None) -> dict[str, str]:
    """The app's environment, over this machine's."""
    key = base64.urlsafe_b64encode(b"b" * 32).decode()
    settings = {
        "APP_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "SHOPIFY_API_KEY": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "SHOPIFY_API_SECRET": SECRET,
        "DATABASE_URL": database,
        "ENCRYPTION_KEYS": key,
        "INDEX_KEY": key,
        "SMTP_URL": "smtp://127.0.0.1:9",
        "MAIL_FROM": "Lumen Goods <orders@lumen-goods.example>",
        "LOG_LEVEL": "ERROR",
        "NODE_ENV": "production",
        "PYTHONPATH": str(ROOT),
    }
    return os.environ | settings | ({"REDIS_URL": redis_url} if redis_url else {})


def granian(target: str, port: int) -> list[str]:
    program = Path(sys.executable).with_name("granian")
    options = ["--interface", "wsgi", "--blocking-threads", "16", "--host", "127.0.0.1", "--port", str(port)]
    return [str(program), *options, "--log-level", "error", "--backlog", "1024", target]


def node() -> str:
    """The newest Node there is: the one that npm brought, else the machine's."""
    brought = ROOT / "node_modules/node/bin/node"
    found = str(brought) if brought.exists() else shutil.which("node")
    if found is None:
        sys.exit("Node is needed for the peer: install Node 20 or later and run npm ci")
    return found


@contextmanager
def running(command: list[str], environment: dict[str, str], port: int, core: str = SERVER_CORE) -> Iterator[None]:
    process = subprocess.Popen(["taskset", "-c", core, *command], env=environment, cwd=ROOT)
    try:
        wait(port)
        yield
    finally:
        process.terminate()
        process.wait(20)


def wait(port: int, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    sys.exit(f"nothing listens on port {port} after {seconds} s")


def spread(values: list[float]) -> str:
    """Median, and from where to where."""
    ordered = sorted(values)
    return f"{ordered[len(ordered) // 2]:.2f} [{ordered[0]:.2f}-{ordered[-1]:.2f}]"
