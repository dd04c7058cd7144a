"""Whether this is the moment for a marketing message, from plain facts: nothing is read here and nothing written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from shopify_app.mail.rules import SPAN, Rules
from shopify_app.mail.verdict import Skip, Wait

NEWS_FIRST = timedelta(minutes=10)
"""How long to wait for more urgent news before looking again."""
TROUBLE = timedelta(hours=6)
"""The same while something is wrong with the person's order."""


@dataclass(frozen=True, slots=True)
class Facts:
    now: datetime
    zones: Sequence[tzinfo]
    """In which the person may live."""
    rules: Rules
    refused: str | None
    """Why the person is not to be written to: a Refusal's reason."""
    trouble: str | None
    """What is wrong with the person's orders."""
    has_urgent: bool
    """Whether news of the law or of an order is due to the person, or going out."""
    sent: Sequence[datetime]
    """When marketing messages went to the person in the last 30 days, or may have gone."""
    expires_at: datetime | None
    """From when on the message is not worth sending."""


def stop(facts: Facts) -> Skip | Wait | None:
    """Why not now; None: nothing stands against it. Waiting that would outlast the message ends it at once."""
    if facts.refused:
        return Skip(f"refused_{facts.refused}")
    if facts.rules.most == 0:
        return Skip("no_marketing")
    wait = _wait(facts)
    if wait is None:
        return None
    until = facts.rules.quiet.over(wait.until, facts.zones)
    if facts.expires_at and until >= facts.expires_at:
        return Skip(wait.reason, wait.facts)
    return Wait(until, wait.reason, wait.facts)


def _wait(facts: Facts) -> Wait | None:
    rules, now = facts.rules, facts.now
    if facts.has_urgent:
        return Wait(now + NEWS_FIRST, "news_first")
    if facts.trouble:
        return Wait(now + TROUBLE, facts.trouble)
    sent = sorted(moment for moment in facts.sent if moment > now - SPAN)
    if len(sent) >= rules.most:
        return Wait(sent[-rules.most] + SPAN, "had_enough", {"count": rules.most})
    if sent and now < sent[-1] + rules.gap:
        return Wait(sent[-1] + rules.gap, "had_one", {"count": int(rules.gap / timedelta(hours=1))})
    if rules.quiet.covers(now, facts.zones):
        return Wait(now, "quiet")
    return None
