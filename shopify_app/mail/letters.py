"""Put a message on paper: both forms of a template, in the shop's brand, the HTML one as mail programs want it."""

import re
from typing import Any

from css_inline import CSSInliner

from shopify_app.language import render
from shopify_app.mail import brand as brands
from shopify_app.mail.outbox import Mail

_INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
"""Many mail programs only follow style attributes; what depends on the screen (@media) stays a sheet."""
BLANK = re.compile(r"\n{3,}")


def write(template: str, locale: str, *, to: str, subject: str, **context: Any) -> Mail:
    """The message of `template`.txt and `template`.html in the language of `locale`.

    The context names the `shop`; and a `brand` for a look at one that is not kept yet, else it is the shop's own.
    """
    about = {"brand": brands.of(context["shop"])} | context | {"subject": subject}
    text = BLANK.sub("\n\n", render(f"{template}.txt", locale, **about))
    html = render(f"{template}.html", locale, **about)
    return Mail(to=to, subject=subject, text=text, html=_INLINER.inline(html))
