"""python -m tests.faults: every scenario on every database, counted. `--only` plays those whose name holds a text."""

import sys
import tempfile
import time
from pathlib import Path

import click

from tests.faults.ground import GROUNDS
from tests.faults.play import Report, play
from tests.faults.scenarios import ALL

COLUMNS = (
    "database",
    "scenario",
    "deliveries",
    "acked",
    "kills",
    "missing",
    "absent",
    "stale",
    "bad",
    "mails",
    "sent",
    "twice",
    "lost",
    "unknown",
    "settled",
    "seconds",
)


@click.command()
@click.option("--count", default=1000, help="Webhooks per scenario.")
@click.option("--database", "kinds", multiple=True, type=click.Choice(list(GROUNDS)), default=list(GROUNDS))
@click.option("--only", multiple=True, help="Part of a scenario's name; may be given several times.")
@click.option("--seed", default=int(time.time()), help="Of what is told and what befalls.")
def main(count: int, kinds: tuple[str, ...], only: tuple[str, ...], seed: int) -> None:
    """Kill, stop and starve real processes, and count what was lost or doubled."""
    chosen = [one for one in ALL if not only or any(part in one.name for part in only)]
    click.echo(f"{len(chosen)} scenarios, {count} webhooks each, seed {seed}\n")
    click.echo(_line(dict(zip(COLUMNS, COLUMNS, strict=True))))
    broken = 0
    with tempfile.TemporaryDirectory(prefix="aftercare-ground-") as name:
        for kind in kinds:
            ground = GROUNDS[kind](Path(name))
            try:
                for number, scenario in enumerate(chosen):
                    if kind not in scenario.kinds:
                        continue
                    report = play(scenario, ground, count, seed + number)
                    click.echo(_line(_cells(report)))
                    broken += _tell_wrongs(report)
            finally:
                ground.close()
    click.echo(f"\n{broken} broken promises")
    sys.exit(bool(broken))


def _cells(report: Report) -> dict[str, object]:
    found = report.findings
    return {
        "database": report.kind,
        "scenario": report.scenario.name,
        "deliveries": report.deliveries,
        "acked": found.acknowledged,
        "kills": report.kills,
        "missing": found.missing,
        "absent": found.absent,
        "stale": len(found.stale),
        "bad": found.bad + found.undone,
        "mails": found.confirmations,
        "sent": found.sent,
        "twice": found.twice,
        "lost": found.lost,
        "unknown": found.unknown,
        "settled": f"{report.settled:.1f}",
        "seconds": f"{report.seconds:.0f}",
    }


def _line(cells: dict[str, object]) -> str:
    widths = {"database": -11, "scenario": -38}
    return " ".join(f"{cells[name]!s:{'<' if name in widths else '>'}{abs(widths.get(name, 8))}}" for name in COLUMNS)


def _tell_wrongs(report: Report) -> int:
    if report.wrongs:
        click.echo(f"    BROKEN: {report.wrongs} {dict(report.findings.results)} {report.deeds}")
        click.echo("".join(f"      {line}\n" for line in report.findings.stale[:5]), nl=False)
    elif report.deeds:
        click.echo(f"    {report.deeds}")
    return len(report.wrongs)


if __name__ == "__main__":
    main()
