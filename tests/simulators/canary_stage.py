"""What is done with a host whose secrets are canaries: send, stop in the middle, look everywhere."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from coldtusk_online.rehearsal.payments import FaultKind, RunningPayments
from tests.simulators.canaries import Canary, in_files
from tests.simulators.canary_commands import SECONDS, Ended, Started
from tests.simulators.canary_echo import BEARER
from tests.simulators.canary_house import ALL, PASSPHRASE_TYPED, SYSTEMS, CanaryHost

SENT_TO: Final = {
    "coinpayments": "/api.php",
    "coinrpc": "/bitcoin",
    "coinspark": "/coinspark",
    "authenticate": "/_functions/authentication",
    "action": "/_functions/execute",
}
"""Where each call arrives; the two of coinsoftworks one after the other."""
_PATHS: Final = {**{system: SENT_TO[system] for system in SYSTEMS[:3]}, "coinsoftworks": "/_functions"}
_TOLD_FAILURES: Final = range(2, 7)
"""Every exit status but success and a fault of Coldtusk itself."""


def system_of(call: str) -> str:
    """Whose call it is."""
    return call if call in SYSTEMS else "coinsoftworks"


def urls_of(services: RunningPayments) -> dict[str, str]:
    """Where the stand-ins are."""
    return {system: services.url + path for system, path in _PATHS.items()}


def point_to(host: CanaryHost, ca_file: Path, url: str) -> None:
    """Let every service be at *url*."""
    host.configure(ca_file, {system: url + path for system, path in _PATHS.items()})


def get_ready(host: CanaryHost, system: str) -> None:
    """Have an answer that can be sent now: one of CoinRPC is good for minutes."""
    if system == "coinrpc":
        host.ask(system)
        host.approve(system)


def bearers(services: RunningPayments) -> list[Canary]:
    """Every bearer token that a service gave."""
    return [BEARER, *(Canary(BEARER.name, token) for token in services.coinsoftworks.bearers)]


def leaks(host: CanaryHost, services: RunningPayments) -> list[str]:
    """What a search finds of all secrets: in the files of both halves, what crossed, and what the commands said."""
    return in_files([host.folder, host.house / "offline"], [*ALL, PASSPHRASE_TYPED, *bearers(services)])


def begin(host: CanaryHost, services: RunningPayments, call: str, under: Sequence[str] = ()) -> Started:
    """Submit, to a service that takes the call and says nothing: the process stands there when this returns."""
    services.faults.arm(FaultKind.HANG, SENT_TO[call])
    before = len(services.received_at(SENT_TO[call]))
    started = host.commands.start("coldtusk-online", "submit", f"{system_of(call)}.response", under=under)
    wait_for(lambda: len(services.received_at(SENT_TO[call])) > before, started)
    return started


def wait_for(happens: Callable[[], bool], started: Started) -> None:
    """Wait until it *happens* while *started* runs."""
    until = time.monotonic() + SECONDS
    while not happens():
        if started.process.poll() is not None or time.monotonic() > until:
            raise AssertionError(f"{started.end()}")
        time.sleep(0.01)


def living(host: CanaryHost) -> list[str]:
    """The processes of *host* that run."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile, or is another user's
            if str(host.folder).encode() in (process / "environ").read_bytes():
                found.append(process.name)
    return found


def check_told(ended: Ended) -> None:
    """It failed, and was said in one line."""
    assert ended.status in _TOLD_FAILURES, ended
    assert 1 == ended.err.count("error ["), ended
    assert "Traceback" not in ended.err
