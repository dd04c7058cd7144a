"""The merchant's pages inside the Shopify admin, and the ways in."""

from shopify_app.home.admin import pages
from shopify_app.home.auth import doors
from shopify_app.home.block import block
from shopify_app.home.brand import gallery, letterhead
from shopify_app.home.budget import settings
from shopify_app.home.condition import condition
from shopify_app.home.drive import drive, sample
from shopify_app.home.figures import figures
from shopify_app.home.history import history
from shopify_app.home.hub import hub
from shopify_app.home.messages import messages
from shopify_app.home.papers import papers
from shopify_app.home.permissions import permissions
from shopify_app.home.plan import plan
from shopify_app.home.privacy import rooms
from shopify_app.home.refusals import looking_up
from shopify_app.home.rivals import looking
from shopify_app.home.setup import setup
from shopify_app.home.staff import people
from shopify_app.home.start import start
from shopify_app.home.takeout import exit_door
from shopify_app.home.wording import letters

blueprints = (
    doors,
    start,
    figures,
    setup,
    pages,
    messages,
    settings,
    block,
    letters,
    letterhead,
    gallery,
    drive,
    sample,
    looking_up,
    looking,
    permissions,
    condition,
    rooms,
    papers,
    exit_door,
    plan,
    hub,
    history,
    people,
)
