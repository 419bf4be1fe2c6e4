"""The secrets of the payment services when something goes wrong: still in no file, no word and no traceback.

Real commands against services that are not there, are somebody else, say nonsense, or say back what they were sent; and
processes that are interrupted, that crash, that cannot write, that meet an error nobody foresaw.
"""

import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Final

import pytest

from coldtusk_online.rehearsal.payments import Certificate, FaultKind, RunningPayments, serve_payments
from coldtusk_online.rehearsal.payments.authority import Authority
from coldtusk_shared.limits import HTTP_REPLY_BYTES
from tests.simulators.canaries import in_files
from tests.simulators.canary_commands import Ended
from tests.simulators.canary_echo import ECHOES, EchoServer
from tests.simulators.canary_house import HELD, SPARK, CanaryHost
from tests.simulators.canary_stage import SENT_TO, begin, check_told, get_ready, leaks, point_to, system_of, wait_for

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
"""The stand-ins have threads, and a terminal's child forks; from Python 3.12 on that warns, and the child execs."""
_PAGE: Final = 4096
"""Room for a few words, and not for a page of the ledger."""
_SPARE: Final = HTTP_REPLY_BYTES - (1 << 20)
"""Room for words about it, and not for the longest reply."""
RELEASING: Final = ("coinspark", "coinsoftworks")
ALLOW_CORE: Final = ("sh", "-c", 'ulimit -S -c "$(ulimit -H -c)"; exec "$@"', "sh")
"""Core files as large as may be, of what it becomes."""
SPOILT: Final = (
    *(("coinspark", fault) for fault in (FaultKind.HTML, FaultKind.SERVER_ERROR, FaultKind.RESET_AFTER_BODY)),
    ("authenticate", FaultKind.SERVER_ERROR),
    ("action", FaultKind.HTML),
    ("coinpayments", FaultKind.HTML),
    ("coinrpc", FaultKind.SERVER_ERROR),
)
ECHOED: Final = (
    *(("coinspark", name) for name in ECHOES if name not in {"done", "large", "slow down"}),
    *(("authenticate", name) for name in ("headers", "error", "result")),
    *(("action", name) for name in ("page", "slow down", "result", "escaped", "done")),
)


@pytest.mark.parametrize("system", ["coinpayments", *RELEASING])
def test_nobody_there(canary_host: CanaryHost, canary_services: RunningPayments, system: str) -> None:
    """The connection is refused: nothing was sent, and the one-time key is kept for the next try."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        point_to(canary_host, canary_services.ca_file, f"https://127.0.0.1:{taken.getsockname()[1]}")
        check_told(canary_host.submit(system))
    assert canary_host.keys.holds(canary_host.stored(system).id) is (system in RELEASING)
    assert [] == leaks(canary_host, canary_services)


@pytest.mark.parametrize("system", RELEASING)
def test_somebody_else(canary_host: CanaryHost, canary_services: RunningPayments, tmp_path: Path, system: str) -> None:
    """The certificate is wrong: nothing is sent there."""
    with serve_payments(tmp_path, certificate=Certificate.UNKNOWN_AUTHORITY, credentials=HELD) as other:
        point_to(canary_host, canary_services.ca_file, other.url)
        ended = canary_host.submit(system)
        assert [] == list(other.received)
    assert "error [http.certificate]" in ended.err
    check_told(ended)
    assert [] == leaks(canary_host, canary_services)


@pytest.mark.parametrize(("call", "fault"), SPOILT)
def test_nonsense(canary_host: CanaryHost, canary_services: RunningPayments, call: str, fault: FaultKind) -> None:
    """A reply that is none, or no reply."""
    get_ready(canary_host, system_of(call))
    canary_services.faults.arm(fault, SENT_TO[call], commits=False)
    check_told(canary_host.submit(system_of(call)))
    assert 0 == canary_services.faults.waiting
    assert [] == leaks(canary_host, canary_services)


@pytest.mark.parametrize(("call", "name"), ECHOED)
def test_echoed(
    canary_host: CanaryHost, canary_services: RunningPayments, tmp_path: Path, call: str, name: str
) -> None:
    """The service says back what it was sent: it is shown and kept nowhere, in what is recorded of an asset neither."""
    authority = Authority()
    ca_file = authority.publish(tmp_path)
    with EchoServer(authority.context(tmp_path), name, gives_bearer=call == "action") as server:
        point_to(canary_host, ca_file, server.url)
        ended = canary_host.submit(system_of(call))
    assert server.visits
    if ended.status:
        check_told(ended)
    stored = canary_host.stored(system_of(call))
    if stored.calls[0].reply:
        canary_host.commands.online("coinspark", "asset", stored.calls[0].id.hex(), "--page", "page.json")
    assert [] == leaks(canary_host, canary_services)


@pytest.mark.parametrize("call", ["coinspark", "authenticate", "action"])
def test_interrupted(canary_host: CanaryHost, canary_services: RunningPayments, call: str) -> None:
    """Ctrl-C while it is sent: one line, no traceback. Another try sends nothing and drops the key."""
    ended = begin(canary_host, canary_services, call).end(signal.SIGINT)
    assert (130, 1) == (ended.status, ended.err.count("error ["))
    assert "Traceback" not in ended.err
    assert [] == leaks(canary_host, canary_services)


def test_a_kill_leaves_a_key_that_the_next_command_drops(
    canary_host: CanaryHost, canary_services: RunningPayments
) -> None:
    """What was in doubt is never sent again, so its one-time key is of no use any more."""
    assert -signal.SIGKILL == begin(canary_host, canary_services, "coinspark").end(signal.SIGKILL).status
    stored = canary_host.stored("coinspark")
    assert canary_host.keys.holds(stored.id)
    assert 6 == canary_host.submit("coinspark").status
    assert not canary_host.keys.holds(stored.id)


@pytest.mark.parametrize("call", ["coinspark", "action"])
def test_crashed(canary_host: CanaryHost, canary_services: RunningPayments, call: str) -> None:
    """A fault in native code, where the system writes the memory of what crashes to disk: not of this process."""
    ended = begin(canary_host, canary_services, call, under=ALLOW_CORE).end(signal.SIGABRT)
    assert -signal.SIGABRT == ended.status
    assert "Fatal Python error: Aborted" in ended.err
    assert [] == leaks(canary_host, canary_services)


def test_another_crash_is_written(tmp_path: Path) -> None:
    """The control: where this machine writes core files into the folder, the search finds a secret in one."""
    pattern = Path("/proc/sys/kernel/core_pattern").read_text(encoding="ascii").strip()
    if pattern != "core" or resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        pytest.skip("this machine writes no core files, or not into the folder")
    command = [sys.executable, "-c", f"import os; held = {SPARK.text!r}; os.abort()"]
    subprocess.run([*ALLOW_CORE, *command], cwd=tmp_path, check=False)
    assert in_files([tmp_path], [SPARK])


@pytest.mark.parametrize("call", ["coinspark", "action"])
def test_nothing_can_be_written(
    canary_host: CanaryHost, canary_services: RunningPayments, tmp_path: Path, call: str
) -> None:
    """What came, a secret in it, cannot be recorded for want of room: said in one line, the outcome is unknown."""
    ended = limited(canary_host, tmp_path, call, "done", lambda pid: limit(pid, resource.RLIMIT_FSIZE, _PAGE))
    check_told(ended)
    assert 6 == ended.status
    assert [] == leaks(canary_host, canary_services)


@pytest.mark.parametrize("call", ["coinspark", "action"])
def test_a_fault_of_coldtusk(
    canary_host: CanaryHost, canary_services: RunningPayments, tmp_path: Path, call: str
) -> None:
    """An error that nobody foresaw while the secret is a local variable: the one line names places alone."""
    ended = limited(
        canary_host, tmp_path, call, "large", lambda pid: limit(pid, resource.RLIMIT_AS, used(pid) + _SPARE)
    )
    assert 1 == ended.status
    assert ended.err.startswith("error [coldtusk.fault] MemoryError at ")
    assert 1 == ended.err.count("\n")
    assert [] == leaks(canary_host, canary_services)


def limited(host: CanaryHost, folder: Path, call: str, echo: str, limiting: Callable[[int], None]) -> Ended:
    """How a submit ends whose process is limited while the service, which then answers with *echo*, has the call."""
    authority, go = Authority(), Event()
    ca_file = authority.publish(folder)
    with EchoServer(authority.context(folder), echo, gives_bearer=call == "action", go=go) as server:
        point_to(host, ca_file, server.url)
        started = host.commands.start("coldtusk-online", "submit", f"{system_of(call)}.response")
        wait_for(server.asked.is_set, started)
        limiting(started.process.pid)
        go.set()
        return started.end()


def limit(pid: int, what: int, size: int) -> None:
    """From now on the process *pid* gets no more than *size* of *what*."""
    resource.prlimit(pid, what, (size, resource.getrlimit(what)[1]))


def used(pid: int) -> int:
    """The bytes of addresses that the process *pid* has."""
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * resource.getpagesize()
