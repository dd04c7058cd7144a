"""Look at a friend's order once it can hardly come back any more: it brings a reward, once, or a reason why not."""

from datetime import timedelta

import structlog
from sqlalchemy import select

from shopify_app import clock, faults, work
from shopify_app.codes import making
from shopify_app.db import db, transaction
from shopify_app.mail import outbox
from shopify_app.orders import read
from shopify_app.referrals import decision, reading
from shopify_app.referrals.models import REFUSED, REWARDED, Referral
from shopify_app.shopify import models as shops
from shopify_app.shopify.errors import ShopifyError, Throttled
from shopify_app.shopify.models import Shop

log = structlog.get_logger()

TEMPLATE = "referrals/reward"
AGAIN = timedelta(days=1)
"""Until an order is looked at again of which a return is open, or for which we may make no code."""
LONGEST = timedelta(days=90)
"""After so long nothing is waited for any more."""


def look(limit: int = 50) -> int:
    """Claim the friends' orders that are due; returns how many were claimed."""
    rows = work.claim(Referral, limit)
    faults.point("referrals_claimed")
    for referral in rows:
        try:
            _look(referral)
        except work.LostLease:
            log.info("referral_moved", referral=referral.id)
        except Throttled as error:
            work.again(referral, clock.now() + timedelta(seconds=error.wait))
        except ShopifyError as error:
            work.fail(referral, type(error).__name__)
        faults.point("referral_decided")
    return len(rows)


def _look(referral: Referral) -> None:
    """Our own tables first; what they allow Shopify is asked about."""
    shop = shops.get(referral.shop_id)
    if not shop.is_installed:
        work.finish(referral, REFUSED, reason="uninstalled")
        return
    verdict = decision.decide(reading.facts(shop, referral))
    unknown = reading.unknown(shop, referral) if verdict == decision.GO else 0
    with transaction():
        # Two workers at once would each see room for one more.
        db.session.execute(select(Shop.id).where(Shop.id == shop.id).with_for_update())
        _end(shop, referral, decision.decide(reading.facts(shop, referral, unknown)))


def _end(shop: Shop, referral: Referral, verdict: str) -> None:
    is_early, theirs = clock.now() < referral.placed_at + LONGEST, reading.of_referrer(shop, referral)
    if verdict == decision.GO and not theirs:
        verdict = "referrer_gone"  # erased in this very moment
    if verdict == decision.GO and not making.may_make(shop):
        verdict = decision.LATER if is_early else "codes_forbidden"
    if verdict == decision.LATER and is_early:
        work.again(referral, clock.now() + AGAIN)
    elif verdict == decision.GO:
        outbox.write(shop, TEMPLATE, f"reward/{referral.id}", **read.whose(theirs[0]))
        work.finish(referral, REWARDED, reason=None)
    else:
        work.finish(referral, REFUSED, reason="return_open" if verdict == decision.LATER else verdict)
