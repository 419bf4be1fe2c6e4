"""What the offline process does to itself before anything else: it gives up the network, for good.

Several layers, none of which trusts another (facts: What imports a socket). The order matters: the
calls into the system come first, since the audit hook at the end forbids to load more of ctypes.
"""

import ctypes
import errno
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import ParamSpec, Protocol

from coldtusk_offline.seccomp import MACHINES, program
from coldtusk_shared.errors import Code, Outside, Refused

KERNEL_REFUSED = Code("guard.kernel-refused", "run the offline half on a Linux that lets a process lock itself in")
UNKNOWN_MACHINE = Code("guard.unknown-machine", "run the offline half on x86-64 or on 64-bit ARM")
SOCKET_OPENED = Code("guard.socket-opened", "do not use this machine: its kernel does not enforce the filter")
NOT_LOCKED_IN = Code("guard.not-locked-in", "run it on a Linux with seccomp; `self-check` shows each layer")
NETWORK_REFUSED = Code("guard.network-refused", "this is a fault of the program: stop, and report it")

# linux/prctl.h, linux/seccomp.h, linux/sched.h
_SET_DUMPABLE, _GET_SECCOMP, _SET_NO_NEW_PRIVILEGES = 4, 21, 38
_SECCOMP_SET_FILTER, _ALL_THREADS = 1, 1
_NEW_USER, _NEW_NETWORK = 0x1000_0000, 0x4000_0000
_UNIX, _STREAM = 1, 1  # socket(2): AF_UNIX, SOCK_STREAM

_Arguments = ParamSpec("_Arguments")

REFUSED_IMPORTS = frozenset(
    {
        *("_socket", "socket", "_ssl", "ssl", "socketserver", "asyncio"),
        *("http", "http.client", "http.server", "urllib.request", "urllib.error", "xmlrpc", "wsgiref", "webbrowser"),
        *("ftplib", "imaplib", "nntplib", "poplib", "smtplib", "telnetlib"),
        *("multiprocessing", "_multiprocessing", "_posixshmem", "concurrent.futures.process"),
        *("email", "importlib.metadata", "logging.handlers", "unittest.mock"),
    }
)
"""Modules that are or that load a way to the network; no library of the offline half needs one."""

_REFUSED_EVENTS = frozenset({"ctypes.dlopen", "ctypes.dlsym", "ctypes.dlsym/handle", "os.system"})


class Kernel(Protocol):
    """The system calls that the guard makes (manual, section 2). Each raises OSError when the system says no."""

    def prctl(self, option: int, value: int) -> int:
        """Set or read one property of the process."""
        ...

    def seccomp(self, number: int, program: bytes) -> None:
        """Let *program* filter the calls of every thread from now on; *number* is that of seccomp on this machine."""
        ...

    def unshare(self, flags: int) -> None:
        """Leave the namespaces that *flags* names."""
        ...

    def socket(self, family: int, kind: int) -> int:
        """Open a socket and return its descriptor."""
        ...


class LinuxKernel:
    """The running kernel, through libc."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)

    def prctl(self, option: int, value: int) -> int:
        """Set or read one property of the process."""
        return _checked(self._libc.prctl(option, ctypes.c_ulong(value), *[ctypes.c_ulong(0)] * 3))

    def seccomp(self, number: int, program: bytes) -> None:
        """Let *program* filter the calls of every thread."""
        lines = ctypes.create_string_buffer(program, len(program))
        argument = _Program(len(program) // 8, ctypes.addressof(lines))
        arguments = (ctypes.c_long(number), ctypes.c_long(_SECCOMP_SET_FILTER), ctypes.c_long(_ALL_THREADS))
        _checked(self._libc.syscall(*arguments, ctypes.byref(argument)))

    def unshare(self, flags: int) -> None:
        """Leave the namespaces that *flags* names."""
        _checked(self._libc.unshare(flags))

    def socket(self, family: int, kind: int) -> int:
        """Open a socket and return its descriptor."""
        return _checked(self._libc.socket(family, kind, 0))


class _Program(ctypes.Structure):
    """Struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_void_p))


class State(Enum):
    """What became of a layer."""

    HOLDS = "holds"
    MISSING = "missing"
    """The system has none, or does not permit it."""
    NOT_ASKED = "not asked for"


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the guard: its name, what became of it, and in words what that means."""

    name: str
    state: State
    detail: str


@dataclass(frozen=True, slots=True)
class GuardReport:
    """What each layer achieved, in the order of their installation, and what came before the guard.

    *loaded_before* names network modules that something had imported by then; in a right installation it is empty.
    """

    layers: tuple[Layer, ...]
    loaded_before: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The layers that were asked for and are not there."""
        return tuple(layer.name for layer in self.layers if layer.state is State.MISSING)

    @property
    def holds(self) -> bool:
        """Whether no layer that was asked for is missing, and no network module came before."""
        return not self.loaded_before and not self.missing

    def require(self) -> None:
        """Refuse to touch a secret where a layer is missing. Raises Refused (NOT_LOCKED_IN)."""
        if self.missing:
            raise Refused(NOT_LOCKED_IN, f"missing here: {', '.join(self.missing)}")


def install(*, own_network: bool = False, platform: str = sys.platform, kernel: Kernel | None = None) -> GuardReport:
    """Lock this process in, and say what was achieved. Once in a process, before anything heavy is imported.

    *own_network* also moves it into an empty network namespace, where that is permitted; all owners of files look
    alike from in there. Where there is no Linux the report says so. Raises Outside (KERNEL_REFUSED, UNKNOWN_MACHINE)
    where a Linux does not give what it has, Refused (SOCKET_OPENED) where it gives it in name only.
    """
    loaded_before = tuple(sorted(REFUSED_IMPORTS & sys.modules.keys()))
    if platform == "linux":
        layers = _lock_process(kernel or LinuxKernel(), own_network=own_network)
    else:
        layers = (Layer("system calls", State.MISSING, f"{platform} has no seccomp: only the audit hook holds"),)
    sys.addaudithook(refuse_network)
    hook = Layer("audit hook", State.HOLDS, "imports of network modules and socket events are refused")
    return GuardReport((*layers, hook), loaded_before)


def refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse an audit event that leads to a network or around the guard (PEP 578). Raises Refused."""
    if event == "import":
        if arguments[0] in REFUSED_IMPORTS:
            raise Refused(NETWORK_REFUSED, f"something tried to import {arguments[0]}")
    elif event.startswith("socket.") or event in _REFUSED_EVENTS:
        raise Refused(NETWORK_REFUSED, f"something tried {event}")


def _lock_process(kernel: Kernel, *, own_network: bool) -> tuple[Layer, ...]:
    return (
        _leave_network(kernel, asked=own_network),
        _hide_memory(kernel),
        _drop_privileges(kernel),
        _filter_calls(kernel, os.uname().machine),
    )


def _leave_network(kernel: Kernel, *, asked: bool) -> Layer:
    name = "network namespace"
    if not asked:
        return Layer(name, State.NOT_ASKED, "it stays in the network namespace that it was started in")
    try:
        kernel.unshare(_NEW_USER | _NEW_NETWORK)
    except OSError as error:
        return Layer(name, State.MISSING, f"this system does not permit it: {error.strerror}")
    return Layer(name, State.HOLDS, "this process sees no network interface that is up")


def _hide_memory(kernel: Kernel) -> Layer:
    _required(kernel.prctl, _SET_DUMPABLE, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return Layer("memory", State.HOLDS, "no core dump, and no debugger of the same user")


def _drop_privileges(kernel: Kernel) -> Layer:
    _required(kernel.prctl, _SET_NO_NEW_PRIVILEGES, 1)
    return Layer("privileges", State.HOLDS, "no program that it starts can gain any")


def _filter_calls(kernel: Kernel, machine_name: str) -> Layer:
    name = "system call filter"
    if not _has_seccomp(kernel):
        return Layer(name, State.MISSING, "this kernel was built without seccomp")
    machine = MACHINES.get(machine_name)
    if machine is None:
        raise Outside(UNKNOWN_MACHINE, f"no system call table for {machine_name}")
    _required(kernel.seccomp, machine.seccomp, program(machine))
    _try_socket(kernel)
    return Layer(name, State.HOLDS, f"{len(machine.refused)} calls are refused; a socket was tried, and was")


def _has_seccomp(kernel: Kernel) -> bool:
    try:
        kernel.prctl(_GET_SECCOMP, 0)
    except OSError as error:
        return error.errno != errno.EINVAL
    return True


def _try_socket(kernel: Kernel) -> None:
    try:
        kernel.socket(_UNIX, _STREAM)
    except PermissionError:
        return
    raise Refused(SOCKET_OPENED, "a socket could be opened behind the filter")


def _required(call: Callable[_Arguments, object], *arguments: _Arguments.args, **named: _Arguments.kwargs) -> None:
    try:
        call(*arguments, **named)
    except OSError as error:
        raise Outside(KERNEL_REFUSED, f"the guard could not be set up: {error}") from error


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer
