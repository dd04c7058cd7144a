"""Put a message on paper: both forms of a template, in the shop's brand, the HTML one as mail programs want it."""

from css_inline import CSSInliner

from shopify_app.language import render
from shopify_app.mail import brand as brands
from shopify_app.mail.brand import Brand
from shopify_app.mail.outbox import Mail
from shopify_app.shopify.models import Shop

_INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
"""Many mail programs only follow style attributes; what depends on the screen (@media) stays a sheet."""


def write(
    template: str, locale: str, *, to: str, subject: str, shop: Shop, brand: Brand | None = None, **context: object
) -> Mail:
    """The message of `template`.txt and `template`.html in the language of `locale`. brand: for a look at one that is
    not kept yet; None: the shop's own."""
    about = context | {"subject": subject, "shop": shop, "brand": brand or brands.of(shop)}
    text = render(f"{template}.txt", locale, **about)
    html = render(f"{template}.html", locale, **about)
    return Mail(to=to, subject=subject, text=text, html=_INLINER.inline(html))
