"""The guard: in fresh processes, since nothing takes it off again; its decisions against a kernel of our own."""

import errno
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from coldtusk_offline import guard
from coldtusk_offline.guard import GuardReport, Layer, State
from coldtusk_shared.errors import Outside, Refused
from tests.boundary.fresh_process import run_python

_LOCKED = """
import ctypes, json, os, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
prctl, syscall = libc.prctl, libc.syscall
from coldtusk_offline import guard
report = guard.install()
"""


def _locked(source: str, *, measured: bool = False) -> str:
    """Run *source* behind the guard, with libc at hand."""
    return run_python(_LOCKED + source, measured=measured)


def test_report_of_a_real_process() -> None:
    """On Linux every layer holds but the namespace, which nobody asked for."""
    said = json.loads(_locked("print(json.dumps([[l.name, l.state.value] for l in report.layers] + [report.holds]))"))
    assert [
        ["network namespace", "not asked for"],
        ["memory", "holds"],
        ["privileges", "holds"],
        ["system call filter", "holds"],
        ["audit hook", "holds"],
        True,
    ] == said


def test_process_state() -> None:
    """The kernel itself says that the process cannot be dumped, gains no privileges and is filtered."""
    said = _locked(
        "import resource\n"
        "status = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
        "print(prctl(3, 0, 0, 0, 0), *(status[name].strip() for name in ('NoNewPrivs', 'Seccomp')),"
        " *resource.getrlimit(resource.RLIMIT_CORE))",
        measured=True,
    )
    assert ["0", "1", "2", "0", "0"] == said.split()


def test_own_network_namespace() -> None:
    """Asked for, it leaves the process with the loopback alone; where that is not permitted the report says so."""
    said = run_python(
        "from coldtusk_offline import guard\n"
        "layer = guard.install(own_network=True).layers[0]\n"
        "print(layer.state.value, *(line.split(':')[0] for line in open('/proc/self/net/dev') if ':' in line))",
        measured=True,
    )
    state, *interfaces = said.split()
    assert (state, interfaces) == ("holds", ["lo"]) or state == "missing"


def test_every_call_is_refused_by_the_kernel() -> None:
    """Past Python, straight to the kernel: each call of the table answers EPERM."""
    said = _locked(
        "from coldtusk_offline.seccomp import MACHINES\n"
        "refused = MACHINES[os.uname().machine].refused\n"
        "answers = {}\n"
        "for name, number in refused.items():\n"
        "    ctypes.set_errno(0)\n"
        "    answers[name] = [syscall(ctypes.c_long(number), *[ctypes.c_long(0)] * 6), ctypes.get_errno()]\n"
        "print(json.dumps(answers))"
    )
    answers = json.loads(said)
    assert {"socket", "connect", "io_uring_setup", "ptrace"} <= set(answers)
    assert {name: [-1, errno.EPERM] for name in answers} == answers


def test_a_child_without_the_hook_is_refused_too() -> None:
    """The filter is inherited: a child Python imports socket, and cannot open one."""
    said = _locked(
        "child = 'import socket\\nfor make in (socket.socket, socket.socketpair):\\n"
        ' try: make(); print("opened")\\n except OSError as error: print(error.errno)\'\n'
        "print(subprocess.run([sys.executable, '-I', '-c', child], stdout=subprocess.PIPE, text=True).stdout)"
    )
    assert [str(errno.EPERM)] * 2 == said.split()


def test_a_thread_that_was_there_is_filtered() -> None:
    """The filter is set for all threads, also for one that was started before."""
    said = run_python(
        "import ctypes, threading\n"
        "socket = ctypes.CDLL(None, use_errno=True).socket\n"
        "gate, answers = threading.Event(), []\n"
        "def late(): gate.wait(); answers.append((socket(1, 1, 0), ctypes.get_errno()))\n"
        "thread = threading.Thread(target=late); thread.start()\n"
        "from coldtusk_offline import guard; guard.install()\n"
        "gate.set(); thread.join(); print(answers)"
    )
    assert f"[(-1, {errno.EPERM})]" == said.strip()


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket",
        "import ssl",
        "import _socket",
        "import asyncio",
        "import importlib.metadata",
        "from multiprocessing import Process",
        "__import__('email')",
        "ctypes.CDLL('libc.so.6')",
        "libc.connect",
        "os.system('true')",
    ],
)
def test_the_hook_refuses(attempt: str) -> None:
    """What leads to a network, or around the guard, ends in the guard's own error."""
    said = _locked(f"try:\n    {attempt}\nexcept Exception as error:\n    print(type(error).__name__, error.code.name)")
    assert ["Refused", "guard.network-refused"] == said.split()


@pytest.mark.parametrize(
    ("event", "arguments"), [("socket.connect", (None,)), ("import", ("_ssl", None, None, None, None))]
)
def test_refused_events(event: str, arguments: tuple[object, ...]) -> None:
    """A socket made before the guard connects nowhere either."""
    with pytest.raises(Refused) as caught:
        guard.refuse_network(event, arguments)
    assert "guard.network-refused" == caught.value.code.name


@pytest.mark.parametrize(
    ("event", "arguments"), [("open", ("vault", "r", 0)), ("import", ("hashlib", None, None, None, None))]
)
def test_other_events_pass(event: str, arguments: tuple[object, ...]) -> None:
    """Files and innocent modules are none of its business."""
    guard.refuse_network(event, arguments)


def test_primitives_work_behind_the_guard() -> None:
    """Keys, ciphers, key derivation, words and a child with pipes: none of it needs what is refused."""
    said = _locked(
        "import coincurve\n"
        "from cryptography.hazmat.primitives import hashes\n"
        "from cryptography.hazmat.primitives.asymmetric import ec\n"
        "from cryptography.hazmat.primitives.ciphers.aead import AESGCM\n"
        "from cryptography.hazmat.primitives.kdf.argon2 import Argon2id\n"
        "from mnemonic import Mnemonic\n"
        "signature = coincurve.PrivateKey(b'1' * 32).sign_recoverable(bytes(32), hasher=None)\n"
        "ec.derive_private_key(7, ec.SECP256K1()).sign(b'', ec.ECDSA(hashes.SHA256(), deterministic_signing=True))\n"
        "AESGCM(bytes(32)).encrypt(bytes(12), b'', None)\n"
        "Argon2id(salt=bytes(16), length=32, iterations=1, lanes=1, memory_cost=64).derive(b'x')\n"
        "words = Mnemonic('english').to_mnemonic(bytes(16))\n"
        "child = subprocess.run([sys.executable, '-I', '-c', 'print(1)'], stdout=subprocess.PIPE, text=True).stdout\n"
        "print(len(signature), len(words.split()), child)"
    )
    assert ["65", "12", "1"] == said.split()


def test_what_came_before_is_reported() -> None:
    """A network module that was there first is named, and the guard does not call itself whole."""
    said = run_python(
        "import socket\nfrom coldtusk_offline import guard\nreport = guard.install()\n"
        "print(*report.loaded_before, report.holds)"
    )
    assert ["_socket", "socket", "False"] == said.split()


@dataclass
class BrokenKernel:
    """A kernel that says no where it is told to, and remembers what it was asked."""

    fails: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def _answer(self, name: str) -> int:
        self.asked.append(name)
        if name in self.fails:
            raise OSError(self.fails[name], os.strerror(self.fails[name]))
        return 0

    def prctl(self, option: int, value: int) -> int:
        """Answer as told for "prctl 4" and the like."""
        return self._answer(f"prctl {option}")

    def seccomp(self, number: int, program: bytes) -> None:
        """Answer as told, once the program is whole."""
        assert program and len(program) % 8 == 0
        self._answer("seccomp")

    def unshare(self, flags: int) -> None:
        """Answer as told."""
        self._answer("unshare")

    def socket(self, family: int, kind: int) -> int:
        """Answer as told."""
        return self._answer("socket")


@dataclass
class Process:
    """The process around the guard, which a test must not lock."""

    hooks: list[Callable[..., object]] = field(default_factory=list)
    limits: list[tuple[int, tuple[int, int]]] = field(default_factory=list)


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Process:
    """Keep this process as it is: its hooks and limits are written down instead."""
    process = Process()
    monkeypatch.setattr("sys.addaudithook", process.hooks.append)
    monkeypatch.setattr("resource.setrlimit", lambda which, limit: process.limits.append((which, limit)))
    return process


def _holds(report: GuardReport) -> bool:
    """Whether the layers hold; what pytest imported before is not of interest."""
    return replace(report, loaded_before=()).holds


def _layer(report: GuardReport, name: str) -> Layer:
    return next(layer for layer in report.layers if layer.name == name)


_FILTERED = {"socket": errno.EPERM}


def test_order(process: Process) -> None:
    """The namespace first, then memory and privileges, then the filter, and the hook last."""
    kernel = BrokenKernel(_FILTERED)
    report = guard.install(own_network=True, platform="linux", kernel=kernel)
    assert ["unshare", "prctl 4", "prctl 38", "prctl 21", "seccomp", "socket"] == kernel.asked
    assert [guard.refuse_network] == process.hooks
    assert _holds(report)


@pytest.mark.usefixtures("process")
def test_namespace_not_permitted() -> None:
    """A namespace that was asked for and not given is missing, and said so; the other layers hold."""
    report = guard.install(
        own_network=True, platform="linux", kernel=BrokenKernel({**_FILTERED, "unshare": errno.EPERM})
    )
    layer = _layer(report, "network namespace")
    assert (State.MISSING, False) == (layer.state, _holds(report))
    assert "Operation not permitted" in layer.detail


@pytest.mark.usefixtures("process")
@pytest.mark.parametrize("call", ["prctl 4", "prctl 38", "seccomp"])
def test_kernel_refuses(call: str) -> None:
    """A Linux that has the means and does not give them is an error: nothing goes on without."""
    with pytest.raises(Outside) as caught:
        guard.install(platform="linux", kernel=BrokenKernel({**_FILTERED, call: errno.EACCES}))
    assert "guard.kernel-refused" == caught.value.code.name


@pytest.mark.usefixtures("process")
def test_kernel_without_seccomp() -> None:
    """A kernel that was built without it cannot be blamed; the report says what is missing."""
    report = guard.install(platform="linux", kernel=BrokenKernel({"prctl 21": errno.EINVAL}))
    assert (State.MISSING, False) == (_layer(report, "system call filter").state, _holds(report))


@pytest.mark.usefixtures("process")
def test_a_question_that_is_refused_is_not_a_missing_filter() -> None:
    """Only EINVAL means that there is no seccomp: an error on the way does not talk the guard out of it."""
    kernel = BrokenKernel({**_FILTERED, "prctl 21": errno.EACCES})
    assert State.HOLDS is _layer(guard.install(platform="linux", kernel=kernel), "system call filter").state


@pytest.mark.usefixtures("process")
def test_filter_that_does_not_filter() -> None:
    """A socket is tried behind the filter: one that opens is the end."""
    with pytest.raises(Refused) as caught:
        guard.install(platform="linux", kernel=BrokenKernel())
    assert "guard.socket-opened" == caught.value.code.name


@pytest.mark.usefixtures("process")
def test_unknown_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """System call numbers are not guessed."""
    known = os.uname()
    monkeypatch.setattr("os.uname", lambda: os.uname_result((*known[:4], "riscv64")))
    with pytest.raises(Outside, match="riscv64") as caught:
        guard.install(platform="linux", kernel=BrokenKernel(_FILTERED))
    assert "guard.unknown-machine" == caught.value.code.name


@pytest.mark.usefixtures("process")
def test_other_platform() -> None:
    """Where there is no Linux the report does not pretend."""
    report = guard.install(platform="darwin")
    assert (State.MISSING, False) == (_layer(report, "system calls").state, _holds(report))
    assert State.HOLDS is _layer(report, "audit hook").state
