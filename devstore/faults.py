"""What goes wrong on request. Every number is how many of the next ones it hits; it counts down to zero."""

import threading
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass
class WebhookFaults:
    """twice: sent again with the same id. late: held back a minute. shuffled: held until that many have gathered,
    then sent in another order. dropped: never sent. error_first: the first try breaks off half-way through the body.
    """

    twice: int = 0
    late: int = 0
    shuffled: int = 0
    dropped: int = 0
    error_first: int = 0


@dataclass
class GraphqlFaults:
    """throttled and error (HTTP 500) hit the next calls, bulk_failed the next bulk operations, job_failed the next
    jobs.

    slow_seconds (each call), bulk_seconds (each bulk operation), job_seconds (each job) and outage (HTTP 503) hold
    until taken back.
    """

    throttled: int = 0
    error: int = 0
    slow_seconds: float = 0.0
    outage: bool = False
    bulk_failed: int = 0
    bulk_seconds: float = 0.0
    job_failed: int = 0
    job_seconds: float = 0.0


@dataclass
class TokenFaults:
    """outage: HTTP 503. lost: the pair is made but its answer never arrives (HTTP 502)."""

    outage: bool = False
    lost: int = 0


@dataclass
class SmtpFaults:
    """temporary: 451 to DATA. permanent: 550 to the recipient. drop_after_data: the connection ends before the answer
    and the message is not kept. drop_after_accept: the message is kept, then the connection ends before the answer.
    drop_after_answer: it ends after the answer, when the next message may begin.
    idempotent: a message with a known Resend-Idempotency-Key is accepted and kept once.
    """

    temporary: int = 0
    permanent: int = 0
    drop_after_data: int = 0
    drop_after_accept: int = 0
    drop_after_answer: int = 0
    idempotent: bool = False


@dataclass
class Faults:
    webhooks: WebhookFaults = field(default_factory=WebhookFaults)
    graphql: GraphqlFaults = field(default_factory=GraphqlFaults)
    token: TokenFaults = field(default_factory=TokenFaults)
    smtp: SmtpFaults = field(default_factory=SmtpFaults)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def take(self, group: object, name: str) -> bool:
        """True, and one less to come, while this fault is due."""
        with self._lock:
            left = getattr(group, name)
            if left:
                setattr(group, name, left - 1)
            return bool(left)

    def order(self, wanted: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """Set what is named, leave the rest. ValueError for a fault the store does not know."""
        for group_name, values in wanted.items():
            group = getattr(self, group_name, None)
            known = {f.name for f in fields(group)} if group else set()
            if not set(values) <= known:
                raise ValueError(f"unknown faults in {group_name}: {sorted(set(values) - known)}")
            for name, value in values.items():
                setattr(group, name, type(getattr(group, name))(value))
        return self.shown()

    def clear(self) -> None:
        for group in (self.webhooks, self.graphql, self.token, self.smtp):
            for each in fields(group):
                setattr(group, each.name, each.default)

    def shown(self) -> dict[str, Any]:
        return asdict(self)
