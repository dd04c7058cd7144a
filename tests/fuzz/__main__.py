"""python -m tests.fuzz --count 100000: mutated calls at every entrance of the app, counted."""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import click

from tests.faults.ground import GROUNDS
from tests.fuzz import campaign, world
from tests.fuzz.campaign import Tally

EACH = 5_000
"""Calls in one world: an erasure reads every webhook that is there, and there are many erasures."""


@click.command()
@click.option("--count", default=100_000, help="Calls on each database.")
@click.option("--database", "kinds", multiple=True, type=click.Choice(list(GROUNDS)), default=list(GROUNDS))
@click.option("--seed", default=1, help="The same seed makes the same calls.")
def main(count: int, kinds: tuple[str, ...], seed: int) -> None:
    """Mutate webhooks, proxy calls, tokens and look-ups; fail at any 5xx, exception or leak."""
    broken = 0
    for kind in kinds:
        began, tally = time.monotonic(), Tally()
        for place, begin in enumerate(range(0, count, EACH)):
            tally.add(_round(kind, min(EACH, count - begin), seed + place))
            click.echo(
                f"{kind}: {begin + EACH} calls, {tally.breaks} breaks, {time.monotonic() - began:.0f} s", err=True
            )
        click.echo(f"{kind}: {count} calls, seed {seed}, {time.monotonic() - began:.0f} s")
        _tell(tally)
        broken += tally.breaks
    sys.exit(bool(broken))


def _round(kind: str, count: int, seed: int) -> Tally:
    with tempfile.TemporaryDirectory(prefix="aftercare-fuzz-") as name:
        ground = GROUNDS[kind](Path(name))
        played = world.build(ground.fresh())
        try:
            return campaign.run(played, count, seed)
        finally:
            played.close()
            ground.close()


def _tell(tally: Tally) -> None:
    kinds: Counter[str] = Counter()
    for (kind, code), times in sorted(tally.statuses.items()):
        kinds[kind] += times
        click.echo(f"  {kind:<9} {code} {times:>8}")
    click.echo(f"  {dict(kinds)}")
    click.echo(f"  after the jobs: {dict(tally.results)}")
    for what, story in tally.broken.items():
        click.echo(f"\nBROKEN: {what}\n{story}")
    click.echo(f"  {tally.breaks} breaks of {len(tally.broken)} kinds\n")


if __name__ == "__main__":
    main()
