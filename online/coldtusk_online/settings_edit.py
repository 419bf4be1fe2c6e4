"""Changing the settings file: a person's comments and order survive, and what would not load is not written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import tomlkit

from coldtusk_online import settings
from coldtusk_online.base_url import BaseUrl
from coldtusk_online.settings import Settings
from coldtusk_shared import files, limits
from coldtusk_shared.errors import BadInput, Code, Refused
from coldtusk_shared.file_errors import place
from coldtusk_shared.file_system import OS_FILES, FileSystem
from coldtusk_shared.services.warthog.network import Network

NODE_KNOWN = Code("node.known", "`coldtusk-online node list` shows what is set")
NODE_UNKNOWN = Code("node.unknown", "`coldtusk-online node list` shows what is set")

_HEAD = "Settings of the Coldtusk online half. Comments survive; `coldtusk-online node add` edits this file too."


def create(path: Path, label: str, ledger: str | None = None, fs: FileSystem = OS_FILES) -> None:
    """Write the first settings file, never over an existing one."""
    document = tomlkit.document()
    document.add(tomlkit.comment(_HEAD))
    document["label"] = label
    if ledger is not None:
        document["ledger"] = ledger
    data = tomlkit.dumps(document).encode()
    settings.parse(data, place(path))
    files.write_new(path, data, fs)


def add_node(path: Path, network: Network, url: str, fs: FileSystem = OS_FILES) -> Settings:
    """Name the node *url* for *network*."""

    def change(nodes: Any) -> None:
        if _place(nodes, url) is not None:
            raise Refused(NODE_KNOWN, f"{url} is a node of {network.value} already", where=place(path))
        nodes.append(url)

    return _edit_nodes(path, network, change, fs)


def remove_node(path: Path, network: Network, url: str, fs: FileSystem = OS_FILES) -> Settings:
    """Forget the node *url* of *network*."""

    def change(nodes: Any) -> None:
        at = _place(nodes, url)
        if at is None:
            raise BadInput(NODE_UNKNOWN, f"{url} is no node of {network.value}", where=place(path))
        del nodes[at]

    return _edit_nodes(path, network, change, fs)


def _place(nodes: Any, url: str) -> int | None:
    """Where the node *url* stands, however a person spelled it there."""
    return next((at for at, node in enumerate(nodes) if BaseUrl.parse(node).text == url), None)


def _edit_nodes(path: Path, network: Network, change: Callable[[Any], None], fs: FileSystem) -> Settings:
    with files.exclusive(path.parent, fs):
        old = files.read_input(path, limits.SETTINGS_BYTES, fs)
        settings.parse(old, place(path))
        document = tomlkit.parse(old.decode())
        warthog = document.setdefault("warthog", tomlkit.table(is_super_table=True))
        nodes = warthog.setdefault(network.value, tomlkit.table()).setdefault("nodes", tomlkit.array())
        change(nodes)
        new = tomlkit.dumps(document).encode()
        changed = settings.parse(new, place(path))
        files.replace(path, new, fs)
    return changed
