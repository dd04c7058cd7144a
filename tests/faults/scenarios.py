"""What is played: one line each."""

from dataclasses import dataclass

from tests.faults import disturbances
from tests.faults.disturbances import Disturb


@dataclass(frozen=True)
class Scenario:
    name: str
    keyed: bool = False
    """Whether the mail provider recognises repeated messages; without it, doubtful ones are held."""
    kill_at: str | None = None
    """A named point of the path and how often it kills there: "webhook_stored:0.01"."""
    disturb: Disturb | None = None
    redis: str = "up"
    """up; down: the address is there and nobody answers; none: no address at all."""
    trouble: str | None = None
    """Of the mail server, see Sink."""
    forgets: bool = False
    """Whether the provider ignores the key that it asked for."""
    kinds: tuple[str, ...] = ("sqlite", "postgresql")
    """Databases on which it can be played."""
    pace: float = 0
    """Webhook requests a second, for what takes time; 0: as fast as it goes."""
    workers: int = 1
    clocks: int = 1


INBOX_POINTS = {
    "webhook_verified": 0.005,
    "webhook_stored": 0.005,
    "webhooks_claimed": 0.03,
    "webhook_opened": 0.012,
    "webhook_handled": 0.012,
    "webhook_done": 0.012,
}
OUTBOX_POINTS = {
    "messages_claimed": 0.05,
    "message_intended": 0.04,
    "message_connected": 0.04,
    "message_accepted": 0.04,
    "message_recorded": 0.04,
}
POINTS = INBOX_POINTS | OUTBOX_POINTS
"""Every named point, with a chance that kills some ten times among a thousand webhooks and three hundred messages."""

POLICIES = {"hold": False, "keyed": True}
QUIET = [Scenario("nothing happens, hold"), Scenario("nothing happens, keyed", keyed=True)]
AT_POINTS = [Scenario(f"killed at {point}, hold", kill_at=f"{point}:{chance}") for point, chance in POINTS.items()]
AT_POINTS += [
    Scenario(f"killed at {point}, keyed", keyed=True, kill_at=f"{point}:{chance}")
    for point, chance in OUTBOX_POINTS.items()
]
AT_RANDOM = [
    Scenario(f"killed at random, {policy}", keyed=keyed, disturb=disturbances.kills, pace=60)
    for policy, keyed in POLICIES.items()
]
STOPPED = [
    Scenario(f"stopped past the lease, {policy}", keyed=keyed, disturb=disturbances.stops, pace=60, workers=2)
    for policy, keyed in POLICIES.items()
]
REDIS = [
    Scenario("redis flushed", disturb=disturbances.flushes, pace=150),
    Scenario("redis away for 30 s", disturb=disturbances.outage, pace=80),
    Scenario("redis never started", redis="down"),
    Scenario("without redis", redis="none"),
    Scenario("without redis, killed at random", redis="none", disturb=disturbances.kills, pace=60),
]
MAIL = [
    Scenario(f"mail {trouble}, {policy}", keyed=keyed, trouble=trouble)
    for trouble in ("later", "unheard", "taken")
    for policy, keyed in POLICIES.items()
]
TWO = [
    Scenario("two of everything, killed at random", workers=2, clocks=2, disturb=disturbances.kills, pace=60),
    Scenario("two of everything, rolled out anew", workers=2, clocks=2, disturb=disturbances.restarts, pace=60),
]

DATABASE = [
    Scenario(f"database killed, {policy}", keyed=keyed, disturb=disturbances.blackouts, pace=80, kinds=("postgresql",))
    for policy, keyed in POLICIES.items()
]

ALL = [*QUIET, *AT_POINTS, *AT_RANDOM, *STOPPED, *REDIS, *MAIL, *TWO, *DATABASE]
