"""Named points of the path at which a fault test may kill the process. Costs one comparison when none is set."""

import os
import random
import signal


class _Chosen:
    point: str | None = None


def configure(kill_at: str | None) -> None:
    """`kill_at` is a point's name, or "name:0.02" for one time in fifty; None in production."""
    _Chosen.point = kill_at


def point(name: str) -> None:
    """Die here, as by kill -9, when the configuration says so."""
    if _Chosen.point is None:
        return
    wanted, _, chance = _Chosen.point.partition(":")
    if wanted == name and random.random() < float(chance or 1):  # noqa: S311
        os.write(2, f"killed at {name}\n".encode())
        os.kill(os.getpid(), signal.SIGKILL)
