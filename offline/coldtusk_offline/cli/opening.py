"""What the commands share: the device's folder, a terminal, the opened device."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from coldtusk_offline import home as homes
from coldtusk_offline.cli.main import start_of
from coldtusk_offline.device import Device
from coldtusk_offline.home import Home
from coldtusk_offline.ui.terminal import Terminal


def home_of(ctx: click.Context) -> Home:
    """The folder of --home or the environment, or the platform's."""
    chosen = start_of(ctx).home
    return Home.default() if chosen is None else Home(chosen)


@contextmanager
def device(ctx: click.Context, terminal: Terminal) -> Iterator[Device]:
    """The device, opened with the passphrase that is asked on *terminal*."""
    home = home_of(ctx)
    homes.require_vault(home)
    with homes.opened(home, terminal.passphrase()) as opened:
        yield opened
