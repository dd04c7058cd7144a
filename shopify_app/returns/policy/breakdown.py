"""The sums of a return, each by its name: the same for buyers and staff."""

from collections.abc import Sequence

from shopify_app.language import Language
from shopify_app.returns.policy.money import Preview


def of(told: Preview, language: Language) -> Sequence[tuple[str, int]]:
    """What adds up to the total, in minor units of its currency; what is nothing is left out."""
    t = language.t
    sums = [
        (t("Items"), told.goods),
        (t("Duties"), sum(part.duties for part in told.parts)),
        (t("Delivery, paid back"), told.shipping_back),
        (t("Restocking fee"), -sum(part.fee for part in told.parts)),
        (t("Fee for the way back"), -told.shipping_fee),
        (t("What is sent instead"), -sum(part.price for part in told.parts)),
    ]
    return [(name, amount) for name, amount in sums if amount]
