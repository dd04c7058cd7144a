"""python -m benchmarks.webhooks: how many webhooks a second, and what the durable path costs.

Servers run one at a time on core 0 (one process each); wrk, PostgreSQL and Redis share core 1. All configurations take
turns in every round, and only ratios within a round are reported. Needs wrk (apt-get install wrk) and npm ci.

  floor   a bare Flask view under the same server, signature only
  node    Shopify's own library for Express, signature only, nothing stored
  sqlite  ours: signature, encrypted row committed with synchronous=FULL, bell rung
  postgres  ours, on PostgreSQL with its own defaults (fsync and synchronous_commit on)
"""

import base64
import hmac
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from benchmarks import machine, orders
from devstore.processes import free_port
from tests.setup import postgres, redis

NAMES = ("floor", "node", "sqlite", "postgres")


@dataclass
class Result:
    rate: float
    """Requests a second."""
    p50: float
    p99: float
    worst: float
    """Milliseconds."""
    errors: int


@click.command()
@click.option("--rounds", default=5)
@click.option("--seconds", default=5)
@click.option("--connections", default=32)
@click.option("--only", multiple=True, default=NAMES, type=click.Choice(NAMES))
def main(rounds: int, seconds: int, connections: int, only: tuple[str, ...]) -> None:
    if shutil.which("wrk") is None:
        sys.exit("wrk is needed: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        world = World(Path(folder), stack)
        results: dict[str, list[Result]] = {name: [] for name in only}
        for number in range(rounds):
            for name in only:
                result = world.measure(name, seconds, connections, f"{name}-{number}")
                results[name].append(result)
                click.echo(
                    f"{number + 1} {name:9}{result.rate:8.0f}/s  p50 {result.p50:7.1f}  p99 {result.p99:7.1f}"
                    f"  max {result.worst:7.1f} ms  errors {result.errors}"
                )
        report(results)


class World:
    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.body = folder / "order.json"
        self.body.write_bytes(orders.body(4711, "#4711", "mira@example.com", "2026-11-21T10:00:00+01:00"))
        self.signature = base64.b64encode(
            hmac.digest(machine.SECRET.encode(), self.body.read_bytes(), "sha256")
        ).decode()
        self.postgres = postgres.start(folder / "postgres")
        stack.callback(self.postgres.stop)
        self.redis = redis.start(folder / "redis")
        stack.callback(self.redis.stop)
        for server in (self.postgres, self.redis):
            if server.process:
                pin(server.process.pid, machine.OTHER_CORE)
        self.sqlite = f"sqlite:///{folder}/app.db"
        for database in (self.sqlite, self.postgres.url):
            migrate = [sys.executable, "-m", "shopify_app", "migrate"]
            subprocess.run(migrate, env=machine.env(1, database, None), check=True, stdout=subprocess.DEVNULL)
        click.echo(f"body {len(self.body.read_bytes())} bytes")

    def measure(self, name: str, seconds: int, connections: int, run: str) -> Result:
        with self._server(name) as port:
            self._wrk(port, 1, connections, f"{run}-warm")
            return self._wrk(port, seconds, connections, run)

    @contextmanager
    def _server(self, name: str) -> Iterator[int]:
        port = free_port()
        database = self.postgres.url if name == "postgres" else self.sqlite
        environment = machine.env(port, database, self.redis.url)
        commands = {
            "floor": machine.granian("benchmarks.floor:app", port),
            "node": [machine.node(), "benchmarks/node/peer.js"],
        }
        command = commands.get(name) or machine.granian("shopify_app.wsgi:app", port)
        with machine.running(command, environment, port):
            yield port

    def _wrk(self, port: int, seconds: int, connections: int, run: str) -> Result:
        command = ["taskset", "-c", machine.OTHER_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
        command += ["--timeout", "15s", "-s", "benchmarks/webhooks.lua", f"http://127.0.0.1:{port}"]
        env = machine.env(port, self.sqlite, None) | {"BODY": str(self.body), "SIGNATURE": self.signature, "RUN": run}
        output = subprocess.run(command, env=env, cwd=machine.ROOT, capture_output=True, text=True, check=True).stdout
        rate, p50, p99, worst, errors = next(
            line.split()[1:] for line in output.splitlines() if line.startswith("RESULT")
        )
        return Result(float(rate), float(p50), float(p99), float(worst), int(errors))


def pin(pid: int, core: str) -> None:
    subprocess.run(["taskset", "-a", "-c", "-p", core, str(pid)], check=True, stdout=subprocess.DEVNULL)


def report(results: dict[str, list[Result]]) -> None:
    click.echo()
    for name, own in results.items():
        line = f"{name:9} {machine.spread([one.rate for one in own])}/s"
        for other in ("floor", "node"):
            if other in results and other != name:
                ratios = [mine.rate / theirs.rate for mine, theirs in zip(own, results[other], strict=True)]
                line += f"   {machine.spread(ratios)} x {other}"
        line += f"   p99 {machine.spread([one.p99 for one in own])} ms, max {max(one.worst for one in own):.0f} ms"
        click.echo(line)


if __name__ == "__main__":
    main()
