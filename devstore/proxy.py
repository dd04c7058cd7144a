"""The app proxy: /{prefix}/{subpath}/… of a storefront reaches the app signed, without cookies, and comes back."""

from http.cookiejar import DefaultCookiePolicy
from urllib.parse import parse_qsl, quote, urlencode, urljoin

import requests
from flask import Blueprint, Response, request

from devstore import signing
from devstore.config import AppConfig
from devstore.context import buyer, shop_domain, store
from devstore.layout import render_layout, render_liquid

__all__ = ["blueprint", "render_layout"]


class _NoCookies(DefaultCookiePolicy):
    """Between two hops of a redirect no cookie is kept either."""

    def set_ok(self, *_: object) -> bool:
        return False


METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
OURS = {"shop", "logged_in_customer_id", "path_prefix", "timestamp", "signature"}
PATH_SAFE = "/~!$&'()*+,;=:@"
TIMEOUT = (2, 10)
REDIRECTS = 5
NOT_SENT = {"cookie", "host", "accept-encoding", "content-length", "connection", "x-forwarded-for", "x-forwarded-host"}
NOT_RETURNED = {
    *("set-cookie", "cookie", "server", "date", "connection", "trailer", "pragma", "p3p", "im", "tk", "warning"),
    *("x-powered-by", "accept-patch", "accept-ranges", "delta-base", "preference-applied", "proxy-authenticate"),
    *("public-key-pins", "service-worker-allowed", "content-length", "content-encoding", "transfer-encoding"),
}
"""What Shopify strips from the app's answer, and what belongs to this connection only."""


def blueprint(app: AppConfig) -> Blueprint:
    """The proxy below the prefix and subpath of the toml."""
    found = Blueprint("proxy", __name__)
    path = f"/{app.proxy_prefix}/{app.proxy_subpath}"
    found.add_url_rule(path, "root", forward, methods=METHODS, defaults={"rest": ""}, strict_slashes=False)
    found.add_url_rule(f"{path}/<path:rest>", "rest", forward, methods=METHODS, strict_slashes=False)
    return found


def forward(rest: str) -> Response:
    """Ask the app and relay its answer; 502 when it does not answer, as the buyer would see it."""
    running = store()
    base = urljoin(running.app_url + "/", running.app.proxy_url.lstrip("/"))
    tail = quote(request.path.removeprefix(f"/{running.app.proxy_prefix}/{running.app.proxy_subpath}"), safe=PATH_SAFE)
    try:
        answer = _ask(f"{base}{tail}?{signed_query(list(parse_qsl(_raw_query(), keep_blank_values=True)))}")
    except requests.RequestException:
        return Response(render_layout("<h1>There was an error in the third-party application.</h1>"), 502)
    return _relay(answer)


def signed_query(pairs: list[tuple[str, str]]) -> str:
    """The buyer's own parameters with Shopify's behind them, which nobody can bring along himself.

    Dated with the app's time: it refuses a request older than 90 seconds.
    """
    running, customer = store(), buyer()
    theirs = [(key, value) for key, value in pairs if key not in OURS]
    pairs = [
        *theirs,
        ("shop", shop_domain()),
        ("logged_in_customer_id", str(customer.id) if customer else ""),
        ("path_prefix", f"/{running.app.proxy_prefix}/{running.app.proxy_subpath}"),
        ("timestamp", str(int(running.app_clock.now().timestamp()))),
    ]
    return urlencode([*pairs, ("signature", signing.proxy(running.secrets.current, pairs))])


def _raw_query() -> str:
    return request.query_string.decode("latin-1")


def _ask(url: str) -> requests.Response:
    """Send the request on; redirects inside the app are followed here, the buyer does not see them."""
    headers = {name: value for name, value in request.headers if name.lower() not in NOT_SENT}
    chain = [request.headers.get("X-Forwarded-For"), request.remote_addr]
    headers["X-Forwarded-For"] = ", ".join(hop for hop in chain if hop)
    headers["X-Forwarded-Host"] = request.host
    with requests.Session() as line:
        line.max_redirects = REDIRECTS
        line.cookies.set_policy(_NoCookies())
        return line.request(request.method, url, headers=headers, data=request.get_data(), timeout=TIMEOUT)


def _relay(answer: requests.Response) -> Response:
    headers = [(name, value) for name, value in answer.headers.items() if name.lower() not in NOT_RETURNED]
    kind = answer.headers.get("Content-Type", "")
    if not kind.startswith("application/liquid"):
        return Response(answer.content, answer.status_code, headers)
    answer.encoding = "utf-8"
    headers = [(name, value) for name, value in headers if name.lower() != "content-type"]
    return Response(render_liquid(answer.text), answer.status_code, headers, mimetype="text/html")
