"""The golden screens of ``tests/golden/coinsoftworks``: what an operator sees of calls, actions and enrolment.

``python tests/offline/services/coinsoftworks/softworks_screens.py`` writes the files anew; no test does. Read the
difference line by line before you commit it: it is what an operator will see.
"""

import sys
from collections.abc import Callable
from pathlib import Path

if __package__ in {None, ""}:  # started as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from coldtusk_offline.service_accounts import ServiceAccount
from coldtusk_offline.services.coinsoftworks import enrol
from coldtusk_shared.services.coinsoftworks.content import CoinsoftworksContent
from tests.offline.services.coinsoftworks.softworks_desk import HELD, Enrolling, asked, give, held, item, works_desk
from tests.shared.services.coinsoftworks.softworks_samples import SEND, call, send

FOLDER = Path(__file__).parents[3] / "golden" / "coinsoftworks"
HOSTILE = 'Rent" -- approved. '.ljust(67) + "! WARNING   none".ljust(67) + "Releases    no secret \\"
FULL = (
    *SEND,
    ("urgent", "1"),
    ("note", "Gr\u00fc\u00dfe, \u7d66\u4e0e"),
    ("speed", "fast"),
    ("blocks", "6"),
)

Scene = Callable[[], str]


def of(*contents: CoinsoftworksContent, account: ServiceAccount = HELD, typed: tuple[str | None, ...] = ()) -> Scene:
    """One request of *contents*."""

    def scene() -> str:
        desk = works_desk(account)
        items = [item(desk, content) for content in contents]
        with desk.open() as device:
            return give(device, desk.host.seal(asked(desk, *items)), *typed)[1]

    return scene


def second_time() -> str:
    """The same action under another payment id, its parameters in another order."""
    desk = works_desk()
    with desk.open() as device:
        give(device, desk.host.seal(asked(desk, item(desk, send()))))
        return give(device, desk.host.seal(asked(desk, item(desk, send(*reversed(SEND))))))[1]


def reads_again() -> str:
    """An action that only reads may be asked again without a warning."""
    desk = works_desk()
    with desk.open() as device:
        give(device, desk.host.seal(asked(desk, item(desk, _balance()))))
        return give(device, desk.host.seal(asked(desk, item(desk, _balance()))))[1]


def enrolment(**changes: object) -> Scene:
    """What an operator checks before an account is kept."""

    def scene() -> str:
        ask = Enrolling(**changes)  # type: ignore[arg-type] # typed by the callers
        enrol.enrol("mining", ask)
        return "\n".join(ask.shown)

    return scene


def _balance() -> CoinsoftworksContent:
    found = send(("x", "x"), action="balance")
    return CoinsoftworksContent(found.account, found.command, found.action, ())


SCENES: dict[str, Scene] = {
    "authenticate": of(call("authenticate")),
    "settings": of(call("settings")),
    "actions": of(call("actions")),
    "user": of(call("user")),
    "user-without-key": of(call("user"), account=held(key=None, toml=None)),
    "authenticate-and-user": of(call("authenticate"), call("user")),
    "send": of(send()),
    "send-everything": of(send(*FULL)),
    "send-hostile-note": of(send(*SEND, ("note", HOSTILE))),
    "authenticate-and-send": of(call("authenticate"), send()),
    "rename": of(send(("alias", "x"), action="rename")),
    "balance": of(_balance()),
    "balance-again": reads_again,
    "second-time": second_time,
    "refused": of(call("authenticate"), typed=("refuse", "not today")),
    "enrolment": enrolment(),
    "enrolment-without-key": enrolment(key=None, toml=None, lines={"method": "get", "path of actions": "/settings"}),
}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, scene in SCENES.items():
        (FOLDER / f"{name}.txt").write_text(f"{scene()}\n", encoding="utf-8")
        print(name)
