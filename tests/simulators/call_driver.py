"""A process that builds, takes and sends calls, and is killed (SIGKILL) where a test says.

``python -m tests.simulators.call_driver FOLDER STEP WHERE COUNT FILE``: *STEP* is build or submit; the process dies at
the *COUNT*-th event *WHERE*: ``before-commit``, ``after-commit``, or the name of a checkpoint (``sent`` is one of the
test's own, right after the service's reply came). The clock of a build stands still.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from coldtusk_online import issuing_calls, settings, taking
from coldtusk_online.host import Host
from coldtusk_online.http import HttpClient, tls_context
from coldtusk_online.issuing_calls import CallOrder
from coldtusk_online.ledger import service_accounts
from coldtusk_online.ledger.service_accounts import ServiceAccount
from coldtusk_online.reply_keys import ReplyKeys
from coldtusk_online.sending import Way
from coldtusk_online.submitting import Means, submit_calls
from coldtusk_shared import files
from coldtusk_shared.request import PaymentId
from tests.simulators.call_house import DAY, spark, withdrawal
from tests.simulators.house_clock import HouseClock
from tests.simulators.online_driver import Killer, doomed
from tests.simulators.online_house import NOW

PAYMENTS = tuple(PaymentId(bytes([2] * 15) + bytes([number])) for number in range(3))
SYSTEMS = ("coinpayments", "coinspark")


def order(host: Host, system: str) -> CallOrder:
    """Three withdrawals, or one asset, of fixed payment ids."""
    with host.ledger.reading() as db:
        account = service_accounts.find(db, system, None)
    if system == "coinspark":
        return CallOrder(account, (spark(),), PAYMENTS[:1], "", NOW + DAY)
    key = account.account.decode("ascii")
    contents = tuple(withdrawal(key, f"0.{number}") for number in (1, 2, 3))
    return CallOrder(account, contents, PAYMENTS, "", NOW + DAY)


def build(host: Host, folder: Path, system: str, out: Path) -> None:
    """Make the request, or go on with it; what the commands do."""
    keys, wanted = ReplyKeys(folder / "data" / "reply_keys"), order(host, system)
    stored = issuing_calls.resume(host, keys, wanted) or issuing_calls.issue(host, keys, wanted)
    assert stored.sealed is not None
    out.unlink(missing_ok=True)
    out.write_bytes(stored.sealed)


def submit(host: Host, folder: Path, _system: str, response: Path) -> None:
    """Take the response and send what is in it; whoever waits moves the clock."""
    clock = HouseClock(NOW)
    host = replace(host, clock=clock.seconds)
    loaded = settings.load(folder / "config" / "settings.toml")

    def way(account: ServiceAccount) -> Way:
        http = HttpClient(tls_context(loaded.ca_file), seconds=5)
        return Way(http, loaded, account, clock.seconds, clock.sleep, lambda _text: None)

    means = Means(
        ReplyKeys(folder / "data" / "reply_keys"), way, lambda: files.exclusive(folder / "data" / "identity.key")
    )
    submit_calls(host, taking.take(host, response.read_bytes()), means)


STEPS: dict[str, Callable[[Host, Path, str, Path], None]] = {"build": build, "submit": submit}


def main() -> None:
    """Do the step."""
    folder, system, step, where, count, file = sys.argv[1:]
    assert system in SYSTEMS
    with doomed(Path(folder), Killer(where, int(count))) as host:
        STEPS[step](host, Path(folder), system, Path(file))


if __name__ == "__main__":
    main()
