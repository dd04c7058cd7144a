"""The calls of the fuzzer: honest ones of every kind of caller, with something changed, and signed only sometimes."""

import base64
import hashlib
import hmac
import io
import json
import random
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus

from devstore import signing
from tests.faults.ground import SECRET
from tests.fuzz import nasty, stock
from tests.fuzz.stock import LUMEN, SECOND
from tests.fuzz.world import OLD_SECRET, World

KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
PATH = "/apps/aftercare"
RARE = {"customers/redact", "shop/redact", "app/uninstalled", "orders/delete", "customers/delete"}
"""Topics after which there is little left to look at."""
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")

Pairs = list[tuple[str, str]]


@dataclass
class Call:
    kind: str
    """Of caller: webhook, proxy, merchant, account, auth."""
    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def environ(self) -> dict[str, Any]:
        """As a server hands it to the app: bytes of any kind arrive as Latin-1."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": _latin(self.path),
            "QUERY_STRING": _latin(self.query),
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "5000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1:5000",
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = _latin(value)
        return environ


class Calls:
    """An endless source of calls; the same seed and world give the same ones."""

    def __init__(self, world: World, seed: int) -> None:
        self.rng = random.Random(seed)
        self.world = world
        self._stock = stock.lumen()
        self._topics = sorted(
            {topic for topic, _ in self._stock} | {"app/uninstalled", "shop/redact", "products/delete"}
        )
        self._paths = _paths(world)
        self._cookie = self._state = ""
        """Of a grant begun just now: what a browser keeps, and what Shopify gives back."""

    def next(self) -> Call:
        kinds: tuple[Callable[[], Call], ...] = (self.webhook, self.proxy, self.merchant, self.account, self.auth)
        return self.rng.choices(kinds, (6, 5, 5, 2, 2))[0]()

    def remember(self, cookie: str, location: str) -> None:
        self._cookie = cookie.partition(";")[0]
        state = re.search(r"state=([\w-]+)", location)
        self._state = state[1] if state else self._state

    def webhook(self) -> Call:
        topic, raw = self.rng.choice(self._stock)
        if self._now_and_then(0.2):
            topic = self.rng.choice(self._topics)
        if topic in RARE and self._now_and_then(0.9):
            return self.webhook()
        if topic.startswith("orders/") and self._now_and_then(0.3):
            raw = re.sub(rb'"id": \d+', b'"id": %d' % self.rng.randrange(10**12), raw, count=1)
        roll = self.rng.random()
        if roll < 0.65:
            raw = json.dumps(nasty.mutated(self.rng, json.loads(raw))).encode()
        elif roll < 0.85:
            raw = nasty.scrambled(self.rng, raw)
        headers = {
            "X-Shopify-Topic": topic,
            "X-Shopify-Shop-Domain": LUMEN,
            "X-Shopify-Webhook-Id": str(uuid.UUID(int=self.rng.getrandbits(128))),
            "X-Shopify-Event-Id": str(uuid.UUID(int=self.rng.getrandbits(128))),
            "X-Shopify-Triggered-At": time.strftime("%Y-%m-%dT%H:%M:%S.5Z", time.gmtime()),
            "X-Shopify-API-Version": "2026-10",
            "X-Shopify-Hmac-Sha256": signing.webhook(self.rng.choice((SECRET, SECRET, OLD_SECRET)), raw),
            "Content-Type": "application/json",
        }
        headers = self._spoiled(headers, 0.3)
        if SECOND in headers.get(
            "X-Shopify-Shop-Domain", ""
        ):  # nobody but Shopify signs what it says of the other shop
            headers["X-Shopify-Hmac-Sha256"] = signing.webhook("another", raw)
        return Call("webhook", self._method("POST"), "/webhooks", "", headers, raw)

    def proxy(self) -> Call:
        honest = [
            ("shop", LUMEN),
            ("logged_in_customer_id", self.rng.choice(("", "7", "207119551"))),
            ("path_prefix", PATH),
            ("timestamp", str(int(time.time()))),
        ]
        pairs = nasty.pairs(self.rng, honest) if self._now_and_then(0.5) else honest
        if self._now_and_then(0.8):
            pairs = [*pairs, ("signature", signing.proxy(SECRET, pairs))] if _can_sign(pairs) else pairs
        if self._now_and_then(0.1):
            pairs = nasty.pairs(self.rng, pairs)
        method, path = self._path("/proxy")
        headers = {"X-Forwarded-For": f"203.0.113.{self.rng.randrange(256)}", "Accept-Language": "de-DE,de;q=0.9"}
        return self._with_form(
            Call("proxy", self._method(method), path, self._query(pairs), self._spoiled(headers, 0.2))
        )

    def merchant(self) -> Call:
        token = self._id_token()
        pairs: Pairs = [("embedded", "1"), ("shop", LUMEN), ("host", signing.host("lumen-goods")), ("locale", "de")]
        headers = {"Authorization": f"Bearer {token}"}
        if self._now_and_then(0.3):
            pairs, headers = [*pairs, ("id_token", token)], {}
        if self._now_and_then(0.4):
            pairs = nasty.pairs(self.rng, pairs)
        method, path = self._path("/")
        call = Call("merchant", self._method(method), path, self._query(pairs), self._spoiled(headers, 0.2))
        return self._with_form(call)

    def account(self) -> Call:
        now = int(time.time())
        claims = {"dest": LUMEN, "aud": KEY, "exp": now + 300, "nbf": now - 5, "iat": now, "jti": "1"}
        order, customer = self.rng.choice([*self.world.own_customers.items(), (1, 1)])
        claims["sub"] = f"gid://shopify/Customer/{customer if self._now_and_then(0.8) else self._number()}"
        headers = {"Authorization": f"Bearer {self._token(claims)}", "Origin": "https://extensions.shopifycdn.com"}
        pairs = nasty.pairs(self.rng, [("checkout_token", nasty.text(self.rng)), ("locale", "fr")])
        method, path = ("GET", f"/account/orders/{order}") if self._now_and_then(0.6) else self._path("/account")
        return Call("account", self._method(method), path, self._query(pairs), self._spoiled(headers, 0.2))

    def auth(self) -> Call:
        """Install, callback, bounce: their own signature, over the percent-encoded query."""
        path = self.rng.choice(("/auth", "/auth", "/auth/callback", "/auth/bounce", self._path("/auth")[1]))
        pairs: Pairs = [("shop", LUMEN), ("host", signing.host("lumen-goods")), ("timestamp", str(int(time.time())))]
        if path == "/auth/callback":
            pairs += [("code", nasty.text(self.rng) or "c"), ("state", self._state or nasty.text(self.rng))]
        if path == "/auth/bounce":
            pairs += [("shopify-reload", self.rng.choice(("http://127.0.0.1:5000/", nasty.text(self.rng))))]
        if self._now_and_then(0.5):
            pairs = nasty.pairs(self.rng, pairs)
        if self._now_and_then(0.7) and _can_sign(pairs):
            pairs = [*pairs, ("hmac", signing.query(SECRET, dict(pairs)))]
        headers = {"Cookie": self._cookie} if self._cookie and self._now_and_then(0.7) else {}
        return Call("auth", self._method("GET"), path, self._query(pairs), self._spoiled(headers, 0.2))

    def _now_and_then(self, chance: float) -> bool:
        return self.rng.random() < chance

    def _method(self, honest: str) -> str:
        return self.rng.choice(METHODS) if self._now_and_then(0.05) else honest

    def _spoiled(self, headers: dict[str, str], chance: float) -> dict[str, str]:
        """One header changed, dropped or added, now and then."""
        if not self._now_and_then(chance):
            return headers
        extra = ("Accept-Language", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Content-Length")
        name = self.rng.choice([*headers, *extra, "Content-Type", "Host", "Cookie"])
        if self._now_and_then(0.2):
            return {key: value for key, value in headers.items() if key != name}
        text = nasty.text(self.rng)
        # A server lets no line break through, and believes in no length but the one it counted.
        text = str(self.rng.choice((0, 5, 10**9))) if name == "Content-Length" else re.sub(r"[\r\n]", " ", text)
        return headers | {name: text}

    def _query(self, pairs: Pairs) -> str:
        query = "&".join(f"{_quoted(key)}={_quoted(value)}" for key, value in pairs)
        if self._now_and_then(0.05):  # bytes that are no UTF-8 are refused by the server itself
            at = self.rng.randrange(len(query) + 1)
            query = query[:at] + self.rng.choice(("%", "%zz", "%00", "%ff", "&", "&&", "=", ";", "+", "é")) + query[at:]
        return query

    def _with_form(self, call: Call) -> Call:
        """The fields of every form of ours, as a form, as JSON or as nonsense."""
        if call.method not in ("POST", "PUT", "PATCH"):
            return call
        fields = [("number", "#1001"), ("contact", "mira@example.com"), ("q", "1001"), ("confirmations", "on")]
        fields = nasty.pairs(
            self.rng, [(key, nasty.text(self.rng) if self._now_and_then(0.4) else v) for key, v in fields]
        )
        raw = "&".join(f"{_quoted(key)}={_quoted(value)}" for key, value in fields).encode("latin-1", "replace")
        kinds = ("application/x-www-form-urlencoded",) * 8 + ("application/json", "multipart/form-data; boundary=x", "")
        call.headers = {"Content-Type": self.rng.choice(kinds)} | call.headers
        call.body = nasty.scrambled(self.rng, raw) if self._now_and_then(0.1) else raw
        return call

    def _path(self, prefix: str) -> tuple[str, str]:
        """A method and a path of ours; seldom one that is none."""
        rules = [(method, rule) for method, rule in self._paths if rule.startswith(prefix)]
        if prefix == "/":
            rules = [one for one in rules if not one[1].startswith(("/proxy", "/account", "/auth", "/webhooks"))]
        method, rule = self.rng.choice(rules)
        path = re.sub(r"<(?:(\w+):)?\w+>", lambda part: self._part(part[1]), rule)
        return method, path + nasty.text(self.rng)[:200] if self._now_and_then(0.03) else path

    def _part(self, converter: str | None) -> str:
        if converter == "int":
            return str(abs(self._number()))
        roll = self.rng.random()
        if roll < 0.4 and self.world.own_links:
            return self.rng.choice(self.world.own_links)
        if roll < 0.6:
            return str(self._number())
        if roll < 0.75 and self.world.other_links:
            return self.rng.choice(self.world.other_links)
        if roll < 0.85 and self.world.own_links:
            raw = nasty.scrambled(self.rng, self.rng.choice(self.world.own_links).encode())
            return raw[:300].decode("latin-1")
        return nasty.text(self.rng)[:2_000]

    def _number(self) -> int:
        """An id: of one's own order, of somebody else's, or none at all."""
        own, other = self.world.own_orders, [*self.world.other_orders, *self.world.other_rows]
        wild = [int(number) for number in nasty.NUMBERS if abs(number) < 1e300]
        return self.rng.choice(self.rng.choice((own or [1], own or [1], other or [1], wild, range(1, 40))))

    def _id_token(self) -> str:
        now = int(time.time())
        claims = {"iss": f"https://{LUMEN}/admin", "dest": f"https://{LUMEN}", "aud": KEY, "sub": "42", "sid": "s"}
        return self._token(claims | {"exp": now + 60, "nbf": now - 5, "iat": now, "jti": "1"})

    def _token(self, claims: dict[str, Any]) -> str:
        """Written by hand: no library would sign what some of these hold."""
        header: Any = {"alg": "HS256", "typ": "JWT"}
        if self._now_and_then(0.35):
            claims = nasty.mutated(self.rng, claims)
        if self._now_and_then(0.1):
            header = nasty.mutated(self.rng, header | {"kid": "1"})
        if self._now_and_then(0.05):
            header = {"alg": self.rng.choice(("none", "None", "HS512", "RS256", "ES256"))}
        secret = self.rng.choice((SECRET,) * 8 + (OLD_SECRET, "", "another"))
        secret = "another" if SECOND in json.dumps(claims) else secret
        signed = f"{_segment(header)}.{_segment(claims)}"
        token = f"{signed}.{_b64(hmac.digest(secret.encode(), signed.encode(), hashlib.sha256))}"
        if self._now_and_then(0.1):
            token = nasty.scrambled(self.rng, token.encode())[:4_000].decode("latin-1")
        return re.sub(r"[\r\n]", "", token)


def _paths(world: World) -> list[tuple[str, str]]:
    """Every rule of the app with its methods, and some that are none."""
    rules = {(method, rule.rule) for rule in world.app.url_map.iter_rules() for method in rule.methods or ()}
    wrong = ("/proxy/nowhere", "/nowhere", "/static/../../config.py", "/account/nowhere", "/auth/nowhere")
    honest = {(method, rule) for method, rule in rules if method not in ("HEAD", "OPTIONS")}
    return sorted(honest | {("GET", path) for path in wrong})


def _can_sign(pairs: Pairs) -> bool:
    """Not what has no bytes to be signed, nor a call of the other shop's: that one may see its own words."""
    return all(not re.search("[\ud800-\udfff]", key + value) and SECOND not in value for key, value in pairs)


def _quoted(text: str) -> str:
    raw = text.encode("utf-8", "surrogatepass")
    return quote_plus(raw) if len(raw) % 2 else quote(raw, safe="")


def _latin(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def _segment(value: Any) -> str:
    return _b64(json.dumps(value).encode())


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
