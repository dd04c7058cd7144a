"""What happens regularly: the one page of it."""

from collections.abc import Callable
from datetime import timedelta

from jobs.sweep import sweep
from shopify_app import carts, feedback, privacy, returns
from shopify_app.codes import making as codes
from shopify_app.config import Config
from shopify_app.mail import tidy
from shopify_app.shopify import install, plans
from shopify_app.webhooks import inbox

DAY = timedelta(days=1)


def table(config: Config) -> dict[str, tuple[timedelta, Callable[[], object]]]:
    """Name → how often, and what."""
    return {
        "sweep": (timedelta(seconds=15), sweep),
        "count ratings again": (timedelta(minutes=10), feedback.recount),
        "keep tokens alive": (DAY, install.keep_alive),
        "read plans": (DAY, plans.refresh),
        "forget raw webhooks": (DAY, lambda: inbox.purge(config.raw_days)),
        "forget old carts": (DAY, carts.purge),
        "forget old codes": (DAY, codes.purge),
        "forget old messages": (DAY, tidy.tidy),
        "forget old persons": (DAY, privacy.forget_old),
        "forget who saw whom": (DAY, privacy.forget_sightings),
        "forget old drafts and photos": (DAY, returns.tidy),
        "take up privacy requests": (DAY, privacy.take_up),
    }
