"""`make demo`: the app with everything it needs and a store to run it against, on this machine, stopped by Ctrl-C.

What it keeps stands in .demo/ (or in the folder that DEMO_FOLDER names): the app's database, the store's data, the
generated secrets, the logs.
"""

import base64
import fcntl
import os
import secrets
import shlex
import shutil
import sys
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import requests

from devstore import redis_server
from devstore.processes import free_port
from devstore.supervisor import Program, Stopped, Supervisor, environment

ROOT = Path(__file__).resolve().parents[1]
HOME = Path(os.environ.get("DEMO_FOLDER", ROOT / ".demo")).resolve()
LOGS = HOME / "logs"
ENV = HOME / "env"
METRICS = HOME / "metrics"  # the processes' counters, so that the web process can show those of all
SHOPS = 2  # that the store seeds, each with a storefront on a port of its own
SECRETS = ("SHOPIFY_API_SECRET", "ENCRYPTION_KEYS", "INDEX_KEY", "REDIS_PASSWORD")


@dataclass(frozen=True)
class Ports:
    """All on the loopback. The second shop's storefront is the port after the first one's."""

    app: int
    store: int
    storefront: int
    smtp: int
    redis: int


def main() -> int:
    """0 when it was stopped by a person; 1 when something did not start, after saying what."""
    os.chdir(ROOT)
    lock = only_one()
    for folder in (LOGS, METRICS):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    supervisor = Supervisor()
    try:
        ports = choose()
        env = settings(ports, redis_server.binary() is not None)
        is_first = not (HOME / "app.db").exists()
        start(supervisor, ports, env)
        if is_first:
            install(ports, "lumen-goods.myshopify.com")
        print(addresses(ports, env["SHOPIFY_API_KEY"]), flush=True)
        supervisor.watch()
        return 0
    except Stopped:
        return 0
    except RuntimeError as error:
        print(error)
        return 1
    finally:
        print("Stopping …", flush=True)
        supervisor.stop()
        os.close(lock)
        print("Everything is stopped.")


def choose() -> Ports:
    """The usual ones, or the next that are free: another demo may run in another folder."""
    store = free_port(7400)
    return Ports(free_port(5000), store, free_port(store + 1, SHOPS), free_port(7425), free_port(7479))


def forget() -> int:
    """Everything: the next start begins anew."""
    lock = only_one()
    shutil.rmtree(HOME)
    os.close(lock)
    return 0


def only_one() -> int:
    """Holds the folder itself, so that nothing has to be cleaned up afterwards; waits for a demo that is stopping."""
    HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = os.open(HOME, os.O_RDONLY)
    for _ in range(50):
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return folder
        except BlockingIOError:
            time.sleep(0.1)
    sys.exit("A demo is running in this folder: stop it first, with Ctrl-C where it was started.")


def start(supervisor: Supervisor, ports: Ports, env: dict[str, str]) -> None:
    """Everything, in the order in which one needs the other."""
    write(env)
    print("Starting …")
    if redis := redis_server.binary():
        password = env["REDIS_PASSWORD"]
        command = redis_server.command(redis, HOME / "redis", ports.redis, password)
        supervisor.start(program("redis", command, env, lambda: redis_server.answers(ports.redis, password)))
    else:
        print("  No redis-server for this platform: the workers look into the database by themselves.")
    supervisor.run(program("migrate", python("shopify_app", "migrate"), env))
    store = python("devstore", "serve", "--data", str(HOME / "store"), "--storefront-port", str(ports.storefront))
    supervisor.start(program("store", store, env, lambda: answers(f"http://127.0.0.1:{ports.store}/")))
    supervisor.start(program("web", web(ports.app), env, lambda: answers(f"http://127.0.0.1:{ports.app}/readyz")))
    supervisor.start(program("worker", python("jobs.worker"), env))
    supervisor.start(program("clock", python("jobs.clock"), env))


def install(ports: Ports, shop: str) -> None:
    """As its merchant would with the first click, so that there is something to see at once."""
    answer = requests.post(f"http://127.0.0.1:{ports.store}/control/install", json={"shop": shop}, timeout=10)
    requests.get(answer.json()["url"], timeout=10).raise_for_status()
    print(f"  {shop} has installed the app.")


def settings(ports: Ports, with_redis: bool) -> dict[str, str]:
    """The app's environment. Secrets are made once and then read back; addresses follow the ports of this start."""
    kept = read()
    store = f"http://127.0.0.1:{ports.store}"
    made = {
        "SHOPIFY_API_SECRET": secrets.token_hex(16),
        "ENCRYPTION_KEYS": new_key(),
        "INDEX_KEY": new_key(),
        "REDIS_PASSWORD": secrets.token_hex(16),
    }
    env = {name: kept.get(name, made[name]) for name in SECRETS} | {
        "APP_URL": f"http://127.0.0.1:{ports.app}",
        "SHOPIFY_API_KEY": tomllib.loads((ROOT / "shopify.app.toml").read_text())["client_id"],
        "SHOPIFY_SHOP_URL": store + "/{shop}",
        "SHOPIFY_ADMIN_URL": store,
        "SHOPIFY_CDN_URL": store + "/cdn",
        "DATABASE_URL": f"sqlite:///{HOME / 'app.db'}",
        "SMTP_URL": f"smtp://127.0.0.1:{ports.smtp}",
        "MAIL_FROM": "Lumen Goods <orders@example.com>",
        "PHOTOS_URL": (HOME / "photos").as_uri(),
        "CLOCK_FILE": str(HOME / "clock"),
        "PROMETHEUS_MULTIPROC_DIR": str(METRICS),
    }
    return env | {"REDIS_URL": redis_server.url(ports.redis, env["REDIS_PASSWORD"])} if with_redis else env


def new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def read() -> dict[str, str]:
    lines = ENV.read_text().splitlines() if ENV.exists() else []
    return dict(shlex.split(line)[0].split("=", 1) for line in lines)


def write(env: dict[str, str]) -> None:
    """For a shell too: `set -a; . .demo/env` and any command of the app or the store can be tried by hand."""
    ENV.touch(mode=0o600)
    ENV.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in env.items()))


def program(name: str, command: list[str], env: dict[str, str], ready: Callable[[], bool] = lambda: True) -> Program:
    return Program(name, command, environment(env), LOGS / f"{name}.log", ready)


def python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def web(port: int) -> list[str]:
    """As in the Procfile, on the loopback."""
    options = ["--interface", "wsgi", "--blocking-threads", "16", "--workers-kill-timeout", "10"]
    return python("granian", *options, "--host", "127.0.0.1", "--port", str(port), "shopify_app.wsgi:app")


def answers(url: str) -> bool:
    """Whether it is there and well: until then the program is still starting."""
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def addresses(ports: Ports, client_id: str) -> str:
    store, shop = f"http://127.0.0.1:{ports.store}", f"http://127.0.0.1:{ports.storefront}"
    return f"""
Aftercare runs, with a store to try it in. Nothing leaves this machine.

  {store}/
      Start here: what there is to click, and an order to look up.
  {store}/store/lumen-goods/apps/{client_id}
      The merchant: watch the import, open an order, switch on the confirmations.
  {store}/store/second-shop/apps/{client_id}
      A second merchant, who has yet to click Install.
  {shop}/
      The buyer: choose something, check out with card number 1, see the thank-you page.
  {shop}/apps/aftercare
      The buyer again: look up an order by its number and e-mail, see where its parcels are.
  {shop}/account
      The buyer at home: log in with the code in the mailbox, open an order, read the app's block on it.
  {store}/control
      Shopify and the carrier: ship, scan, refund, move the time, make things go wrong.
  {store}/mailbox
      What everybody received by e-mail.
  http://127.0.0.1:{ports.app}/readyz and /metrics
      The operator: whether the app is well, and its figures.

Logs: {LOGS}. Ctrl-C stops everything; `make demo` finds it again; `make demo-reset` forgets it.
"""


if __name__ == "__main__":
    sys.exit(forget() if sys.argv[1:] == ["forget"] else main())
