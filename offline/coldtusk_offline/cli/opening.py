"""What the commands share: the device's folder, a terminal, the opened device."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from coldtusk_offline import home as homes
from coldtusk_offline.cli.main import start_of
from coldtusk_offline.device import Device
from coldtusk_offline.home import Home
from coldtusk_offline.ui.terminal import Terminal
from coldtusk_offline.vault import REAL
from coldtusk_shared import file_errors, files
from coldtusk_shared.errors import Refused


def home_of(ctx: click.Context) -> Home:
    """The folder of --home or the environment, or the platform's."""
    chosen = start_of(ctx).home
    return Home.default() if chosen is None else Home(chosen)


@contextmanager
def device(ctx: click.Context, terminal: Terminal) -> Iterator[Device]:
    """The device, opened with the passphrase that is asked on *terminal*."""
    require_lock(ctx)
    home = home_of(ctx)
    homes.require_vault(home)
    means = replace(REAL, sleep=partial(_wait, terminal))
    with homes.opened(home, terminal.passphrase(), means) as opened:
        yield opened


def require_lock(ctx: click.Context) -> None:
    """Refuse to go on where a layer of the guard is missing: no secret is touched there."""
    report = start_of(ctx).guard
    if report is not None:
        report.require()


def require_free(out: Path) -> None:
    """Refuse *out* if anything stands there: better before a passphrase is asked for."""
    if files.exists(out):
        raise Refused(file_errors.EXISTS, "something stands there already", where=file_errors.place(out))


def _wait(terminal: Terminal, seconds: float) -> None:
    if seconds:
        terminal.show(f"Wrong passphrases were typed before: this one is tried in {seconds:g} s.")
    time.sleep(seconds)
