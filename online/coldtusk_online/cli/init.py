"""``init``: settings, identity and ledger of a new host. What an interrupted `init` left is completed."""

import os

import click

from coldtusk_online import identity, places, settings_edit
from coldtusk_online.cli import options
from coldtusk_online.cli.desk import Desk
from coldtusk_online.cli.output import Shown
from coldtusk_online.ledger import store
from coldtusk_shared import files
from coldtusk_shared.errors import Code, Refused
from coldtusk_shared.file_errors import place
from coldtusk_shared.text import check_label
from coldtusk_shared.words import key_words

DONE = Code("setup.exists", "this host is set up: choose other places with --config and --data for another one")


@options.command("init", help="Make this host's settings, identity and ledger, for this user alone.")
@click.option("--label", required=True, help="This host's name; it stands on every request.")
@click.option("--ledger", metavar="URL", help="Another ledger than that in the data folder: sqlite:////absolute/path.")
def command(desk: Desk, label: str, ledger: str | None) -> Shown:
    """The settings come last: they say that `init` was finished."""
    where = desk.places
    check_label(label, "--label")
    if files.exists(where.config):
        raise Refused(DONE, "there are settings already", where=place(where.config))
    places.make(where)
    if files.exists(where.identity):
        held = identity.load(where.identity)
    else:
        held = identity.create(where.identity, os.urandom)
    store.create(ledger or store.default_url(where.ledger)).close()
    settings_edit.create(where.config, label, ledger)
    words = key_words(held.public_key)
    text = (
        f"This host is {label}.\nSettings    {where.config}\nData        {where.data}\nKey words   {words}\n"
        "Next: `coldtusk-online node add URL --network main|defi`, then `coldtusk-online pair`."
    )
    return Shown({"label": label, "config": str(where.config), "data": str(where.data), "words": words}, text)
