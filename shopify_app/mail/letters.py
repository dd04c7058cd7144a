"""Put a message on paper: both forms of a template, the HTML one as mail programs want it."""

from css_inline import CSSInliner

from shopify_app.language import render
from shopify_app.mail.outbox import Mail

_INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
"""Many mail programs only follow style attributes; what depends on the screen (@media) stays a sheet."""


def write(template: str, locale: str, *, to: str, subject: str, **context: object) -> Mail:
    """The message of `template`.txt and `template`.html in the language of `locale`."""
    text = render(f"{template}.txt", locale, subject=subject, **context)
    html = render(f"{template}.html", locale, subject=subject, **context)
    return Mail(to=to, subject=subject, text=text, html=_INLINER.inline(html))
