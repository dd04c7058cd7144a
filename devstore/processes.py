"""Child processes that do not outlive us, and the ports they listen on."""

import ctypes
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def dies_with_us(signum: int = signal.SIGTERM) -> Callable[[], None]:
    """For Popen's preexec_fn: the kernel sends the child `signum` when this process ends, even by SIGKILL.

    Nothing else can do it: a killed process runs no code. SIGTERM lets the child stop its own children. Linux only;
    elsewhere a killed parent leaves its children running, every other end still stops them. The signal belongs to the
    thread that started the child, so call Popen from a thread that lives as long as the process.
    """
    if sys.platform != "linux":
        return lambda: None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()  # loaded before the fork: the child should only call

    def between_fork_and_exec() -> None:
        prctl(PR_SET_PDEATHSIG, signum)
        if os.getppid() != parent:  # we died between the fork and prctl: no signal will come
            os._exit(1)

    return between_fork_and_exec


ANY = range(20_000, 32_668)
"""Below the ports that systems give to outgoing connections: one of those could be taken before its server binds it."""


def free_port(wanted: int = 0, count: int = 1) -> int:
    """The first port from `wanted` on that nobody holds on the loopback, nor the `count` - 1 after it; 0 means any.

    For a server in a process of its own, which must be told its port. One in this process binds 0 instead.
    """
    first = wanted or secrets.choice(ANY)
    for port in range(first, first + 100):
        if all(_is_bindable(port + more) for more in range(count)):
            return port
    raise OSError(f"no free port between {first} and {first + 99}")


def _is_bindable(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
