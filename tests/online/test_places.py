"""Where the online half keeps its files."""

from pathlib import Path

import pytest

from coldtusk_online import places
from coldtusk_online.places import CONFIG_VARIABLE, DATA_VARIABLE, Places
from coldtusk_shared.errors import Refused

_HERE = {CONFIG_VARIABLE: "/env/settings.toml", DATA_VARIABLE: "/env/data"}


def test_options_win() -> None:
    """An option stands over the environment."""
    expected = Places(Path("/a/settings.toml"), Path("/b"))
    assert expected == places.find(Path("/a/settings.toml"), Path("/b"), _HERE)


def test_variables_come_next() -> None:
    """The environment stands over the platform."""
    assert Places(Path("/env/settings.toml"), Path("/env/data")) == places.find(None, None, _HERE)


def test_the_platform_is_last(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without both the platform's folders are taken; an empty variable is none."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    found = places.find(None, None, {CONFIG_VARIABLE: ""})
    assert tmp_path / "config" / "coldtusk-online" / "settings.toml" == found.config
    assert tmp_path / "data" / "coldtusk-online" == found.data


def test_folders_are_private(tmp_path: Path) -> None:
    """What is made is for this user alone."""
    made = Places(tmp_path / "config" / "settings.toml", tmp_path / "data")
    places.make(made)
    assert [0o700, 0o700] == [folder.stat().st_mode & 0o777 for folder in (made.config.parent, made.data)]


def test_nothing_works_before_init(tmp_path: Path) -> None:
    """Missing settings are said as such, with the path."""
    with pytest.raises(Refused) as caught:
        places.require(Places(tmp_path / "settings.toml", tmp_path / "data"))
    assert "setup.missing" == caught.value.code.name
    assert str(tmp_path / "settings.toml") == caught.value.where


def test_others_may_not_reach_the_data(tmp_path: Path) -> None:
    """A data folder that others can read is refused."""
    made = Places(tmp_path / "settings.toml", tmp_path / "data")
    places.make(made)
    made.config.write_text("")
    made.identity.write_text("")
    made.data.chmod(0o755)
    with pytest.raises(Refused) as caught:
        places.require(made)
    assert "file.not-private" == caught.value.code.name
