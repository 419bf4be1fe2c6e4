"""Changing the settings file."""

from pathlib import Path

import pytest

from coldtusk_online import settings, settings_edit
from coldtusk_shared.errors import BadInput, Refused
from coldtusk_shared.services.warthog.network import Network

_COMMENTED = """# ours, do not touch
label = "desk"  # the big one

[warthog.main]
# the good one
nodes = ["https://a.example"]
"""


def test_a_new_file(tmp_path: Path) -> None:
    """What is written is what is read, for this user alone; a second one is refused."""
    path = tmp_path / "settings.toml"
    settings_edit.create(path, "desk", "sqlite:////x")
    found = settings.load(path)
    assert ("desk", "sqlite:////x", 0o600) == (found.label, found.ledger, path.stat().st_mode & 0o777)
    with pytest.raises(Refused) as caught:
        settings_edit.create(path, "other")
    assert "file.exists" == caught.value.code.name


def test_comments_survive(tmp_path: Path) -> None:
    """A node more, and every comment is still there."""
    path = tmp_path / "settings.toml"
    path.write_text(_COMMENTED)
    changed = settings_edit.add_node(path, Network.MAIN, "https://b.example")
    assert ("https://a.example", "https://b.example") == changed.network(Network.MAIN).nodes
    assert changed == settings.load(path)
    assert all(comment in path.read_text() for comment in ("# ours", "# the big one", "# the good one"))


def test_the_first_node_of_a_network(tmp_path: Path) -> None:
    """Its table is made, others stay."""
    path = tmp_path / "settings.toml"
    path.write_text(_COMMENTED)
    settings_edit.add_node(path, Network.DEFI, "http://127.0.0.1:3000")
    assert ("http://127.0.0.1:3000",) == settings.load(path).network(Network.DEFI).nodes
    assert ("https://a.example",) == settings.load(path).network(Network.MAIN).nodes


def test_a_node_less(tmp_path: Path) -> None:
    """What was added can be removed."""
    path = tmp_path / "settings.toml"
    path.write_text(_COMMENTED)
    assert () == settings_edit.remove_node(path, Network.MAIN, "https://a.example").network(Network.MAIN).nodes


def test_twice_and_never(tmp_path: Path) -> None:
    """A node that is there, and one that is not, are said so; the file stays as it was."""
    path = tmp_path / "settings.toml"
    path.write_text(_COMMENTED)
    with pytest.raises(Refused) as twice:
        settings_edit.add_node(path, Network.MAIN, "https://a.example")
    with pytest.raises(BadInput) as never:
        settings_edit.remove_node(path, Network.MAIN, "https://c.example")
    assert ("node.known", "node.unknown") == (twice.value.code.name, never.value.code.name)
    assert _COMMENTED == path.read_text()


def test_a_node_in_another_spelling(tmp_path: Path) -> None:
    """What a person wrote by hand is the same node: it is known, and can be removed."""
    path = tmp_path / "settings.toml"
    path.write_text(_COMMENTED.replace("https://a.example", "HTTPS://A.example:443/"))
    assert ("https://a.example",) == settings.load(path).network(Network.MAIN).nodes
    with pytest.raises(Refused) as twice:
        settings_edit.add_node(path, Network.MAIN, "https://a.example")
    assert "node.known" == twice.value.code.name
    assert () == settings_edit.remove_node(path, Network.MAIN, "https://a.example").network(Network.MAIN).nodes


def test_a_broken_file_is_not_edited(tmp_path: Path) -> None:
    """What does not load is refused before anything is changed."""
    path = tmp_path / "settings.toml"
    path.write_text(_COMMENTED + "proxy = 1\n")
    with pytest.raises(BadInput) as caught:
        settings_edit.add_node(path, Network.MAIN, "https://b.example")
    assert "settings.unknown-key" == caught.value.code.name
    assert _COMMENTED + "proxy = 1\n" == path.read_text()
