"""How far the first import is."""

from dataclasses import dataclass

from shopify_app import work
from shopify_app.frame import language
from shopify_app.orders import reconcile
from shopify_app.shopify.models import Shop


@dataclass(frozen=True, slots=True)
class Progress:
    state: str
    """waiting, gathering (at Shopify), reading, failed, done."""
    count: int = 0
    total: int | None = None
    """Orders; None as long as nobody knows."""

    @property
    def is_running(self) -> bool:
        return self.state in ("waiting", "gathering", "reading")

    @property
    def sentence(self) -> str:
        t = language().t
        match self.state:
            case "waiting":
                return t("Aftercare is about to read the orders of the last {days} days.", days=reconcile.IMPORT_DAYS)
            case "gathering":
                return t("Shopify is gathering the orders of the last {days} days.", days=reconcile.IMPORT_DAYS)
            case "reading":
                return t("{count} of {total} orders read.", count=self.count, total=self.total)
            case "failed":
                return t("The orders of the time before the install could not be read.")
        return language().n("{count} order read.", "{count} orders read.", self.count)


def of(shop: Shop) -> Progress:
    sync = reconcile.of(shop, "import")
    if sync is None:
        return Progress("done" if shop.greeted_at else "waiting")
    if sync.done_at is not None:
        return Progress("failed" if sync.result == work.DEAD else "done", sync.count, sync.total)
    if sync.cursor is None:
        return Progress("waiting")
    return Progress("reading" if sync.count and sync.total else "gathering", sync.count, sync.total)


def start_again(shop: Shop) -> bool:
    """Once more, when it was given up; False when there is nothing to start."""
    sync = reconcile.of(shop, "import")
    if sync is None or sync.result != work.DEAD:
        return False
    work.replay(sync)
    return True
