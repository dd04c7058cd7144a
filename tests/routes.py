"""Every address that the app answers, as its URL map has it, and what stands for the blanks in each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from shopify_app.shopify import guards

GUARDS = {guards.merchant, guards.storefront, guards.buyer, guards.customer, guards.anyone}

OPEN = {
    "static": "style sheets and scripts: the same for everybody",
    "auth.begin": "only with Shopify's signature over the query",
    "auth.bounce": "only back to a page of ours, which has its own guard; holds App Bridge and nothing else",
    "auth.callback": "only with Shopify's signature and the state that this browser was given",
    "health.alive": "one word, for the load balancer",
    "health.ready": "what works and what does not, for the load balancer; of no shop",
    "health.numbers": "counts without shops and persons, for Prometheus",
    "bounces.told": "only with the secret or the signature of the mail provider",
    "optouts_own.own_page": "only with a signed link; a stop must work without a login",
    "optouts_own.leave_at_once": "only with a signed link; mail programs send it without asking (RFC 8058)",
    "optouts_own.come_back_here": "only with a signed link; undoes the stop",
    "portal_entrance.welcome": "the way to Shopify's login; tells of the shop what everybody sees",
    "portal_entrance.log_in": "sends to Shopify's login, so many times from one address",
    "portal_entrance.callback": "only with the state that this browser was given; Shopify's code is checked",
    "portal_entrance.over": "one sentence after logging out",
    "album.picture": "only with a signed word, for Shopify to show a photo of a return to staff",
    "review_photos.picture": "only with a signed word, of a photo that its buyer made public",
    "logos.logo": "the shop's logo as it stands in its mails",
}
"""Routes that no guard keeps, each with what keeps it instead, or why nothing has to."""

WORDS = {
    "handle": "lumen-goods",
    "domain": "lumen-goods.myshopify.com",
    "digest": "0" * 64,
    "provider": "postmark",
    "filename": "admin.css",
    "figures.name": "lookups",
    "letters.name": "confirmations/welcome",
    "setup.name": "sender",
    "state": "answered",
    "path": "cancellation",
    "step": "details",
    "deed": "answer",
    "key": "k" * 32,
    "word": "made-up",
    "token": "made-up",
    "_": "nowhere",
    "table": "webhooks",
    "repair": "work",
}
"""What stands for a blank that is no row of a shop; in one blueprint or in all."""

Values = Mapping[tuple[str, str], int]
"""(blueprint, or one address of it; blank) → the number of a row."""


@dataclass(frozen=True, slots=True)
class Door:
    """One address and one way of knocking."""

    endpoint: str
    method: str
    rule: Rule
    guard: str | None

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"

    @property
    def blanks(self) -> set[str]:
        return self.rule.arguments

    @property
    def blueprint(self) -> str:
        return self.endpoint.rpartition(".")[0]

    def rows(self, values: Values) -> dict[str, int]:
        """The numbers for the blanks that are rows."""
        found = ((name, values.get((self.endpoint, name), values.get((self.blueprint, name)))) for name in self.blanks)
        return {name: number for name, number in found if number is not None}

    def address(self, values: Mapping[str, object]) -> str:
        """Raises KeyError for a blank that nobody thought of."""
        words = {name: str(values[name]) if name in values else self._word(name) for name in self.blanks}
        for name in self.blanks:
            if name == "step" and "withdrawal" in str(self.rule):
                words[name] = "confirmation"
            elif name == "deed" and "withdrawal" in str(self.rule):
                words[name] = "label"
            elif not words[name]:
                raise KeyError(f"{self}: what stands for {name}?")
        built = self.rule.build({name: _typed(word) for name, word in words.items()})
        assert built is not None, f"{self}: {words} do not fit"
        return built[1]

    def _word(self, name: str) -> str:
        return WORDS.get(f"{self.blueprint}.{name}", WORDS.get(name, ""))


def _typed(word: str) -> object:
    return int(word) if word.isdigit() else word


def doors(app: Flask, *guarded_by: str) -> Iterator[Door]:
    """Those behind one of these guards; HEAD is a way of its own, OPTIONS tells nothing."""
    for rule in app.url_map.iter_rules():
        guard = guard_of(app, rule.endpoint)
        if guard in guarded_by:
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                yield Door(rule.endpoint, method, rule, guard)


def guard_of(app: Flask, endpoint: str) -> str | None:
    blueprint = endpoint.rpartition(".")[0]
    hung = [one.__name__ for one in app.before_request_funcs.get(blueprint, []) if one in GUARDS]
    return hung[0] if len(hung) == 1 else None
