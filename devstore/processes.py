"""Child processes that do not outlive us, and the ports they listen on."""

import ctypes
import os
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


def free_port(wanted: int = 0, count: int = 1) -> int:
    """The first port from `wanted` on that nobody holds on the loopback, nor the `count` - 1 after it; 0 means any."""
    for port in range(wanted, wanted + 100):
        if (found := _bindable(port)) and all(_bindable(port + more) for more in range(1, count)):
            return found
    raise OSError(f"no free port between {wanted} and {wanted + 99}")


def _bindable(port: int) -> int | None:
    """The port itself, or the one that the system chose for 0; None when somebody holds it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return None
        return int(probe.getsockname()[1])
