"""Nobody gets marketing without a way out of it, in the message and in its headers."""

import re
from dataclasses import replace
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy, default
from html import escape

from shopify_app.language import speak, words
from shopify_app.mail import links
from shopify_app.mail.verdict import Mail
from shopify_app.shopify.models import Shop

LEAVE = words("No more of these messages")
LANGUAGE = re.compile(r'<html lang="([\w-]+)"')
LINE = (
    '<p style="margin:0;padding:16px;text-align:center;font:13px/1.5 -apple-system,Segoe UI,Roboto,Helvetica,Arial,'
    'sans-serif"><a href="{link}" style="color:#5a616c">{text}</a></p>'
)


class _Verbatim(UnstructuredHeader, BaseHeader):
    """A header in one line: Python would take a long address apart and encode it, and no mail program undoes that."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_registry = HeaderRegistry()
_registry.map_to_type("list-unsubscribe", _Verbatim)
POLICY = default.clone(header_factory=_registry)
"""Of messages that carry the header."""


def with_link(shop: Shop, mail: Mail) -> Mail:
    """The link stands below everything where the letter does not show it itself, in the letter's language."""
    link = links.page(shop, mail.to)
    found = LANGUAGE.search(mail.html)
    t = speak(found[1] if found else shop.locale).t
    if link not in mail.text:
        mail = replace(mail, text=f"{mail.text.rstrip()}\n\n{t('{name}: {value}', name=t(LEAVE), value=link)}\n")
    if link not in mail.html:
        body, end, rest = mail.html.rpartition("</body>")
        line = LINE.format(link=escape(link), text=escape(t(LEAVE)))
        mail = replace(mail, html=body + line + end + rest if end else mail.html + line)
    return mail


def add_headers(email: EmailMessage, shop: Shop, to: str) -> None:
    """RFC 2369 and RFC 8058: the mail program's own button takes effect at once."""
    email["List-Unsubscribe"] = f"<{links.one_click(shop, to)}>"
    email["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
