"""The app in a shop: installed, given scopes, uninstalled."""

from collections.abc import Sequence
from datetime import datetime

from devstore.records import Install
from devstore.state import State

PLANS = {"plus": ("Plus", 14), "scale": ("Scale", 0)}
"""What the app's plans are called and how many days they may be tried, by their handles."""


def install(state: State, shop: str, scopes: Sequence[str], *, at: datetime | None = None) -> Install:
    """Shopify tells the app nothing about an install. An app already there keeps its tokens."""
    with state.changing(at) as change:
        found = state.install(shop)
        if found is None:
            found = Install(id=state.new_id(), shop=shop, scopes=sorted(scopes), installed_at=change.at)
            change.touch(found)
        return found


def grant(state: State, shop: str, scopes: Sequence[str]) -> Install:
    """The merchant approved other scopes: app/scopes_update. LookupError when the app is not installed."""
    with state.changing() as change:
        found = state.install(shop)
        if found is None:
            raise LookupError(f"{shop} has not installed the app")
        before, found.scopes = found.scopes, sorted(scopes)
        change.touch(found)
        body = {
            "id": found.id,
            "previous": before,
            "current": found.scopes,
            "updated_at": change.at.isoformat(),
            "shop_id": f"gid://shopify/Shop/{state.shops[shop].id}",
        }
        change.tell(shop, "app/scopes_update", body)
        return found


def uninstall(state: State, shop: str) -> None:
    """Tokens are dead at once; app/uninstalled is the last thing the app hears but compliance topics."""
    with state.changing() as change:
        found = state.install(shop)
        if found is not None:
            change.drop(found)
            change.tell(shop, "app/uninstalled", state.shops[shop])


def choose_plan(state: State, shop: str, plan: str) -> Install:
    """On Shopify's page of plans; no webhook tells of it. KeyError for a plan that there is not."""
    with state.changing() as change:
        found = state.install(shop)
        if found is None:
            raise LookupError(f"{shop} has not installed the app")
        if plan not in PLANS:
            raise KeyError(plan)
        found.plan, found.plan_since = plan, change.at
        change.touch(found)
        return found
