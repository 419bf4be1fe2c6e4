"""Whole terminal screens, as a terminal of 24 rows shows them."""

from pathlib import Path

import pytest

from tests.offline.terminal_screens import FOLDER, SCENES


@pytest.mark.parametrize("name", SCENES)
def test_screen_is_as_recorded(name: str, tmp_path: Path) -> None:
    """To record it anew: ``python tests/offline/terminal_screens.py``, never by a test."""
    assert (FOLDER / f"{name}.txt").read_text(encoding="utf-8") == SCENES[name](tmp_path)


def test_no_recording_is_left_over() -> None:
    """A file for each scene."""
    assert sorted(SCENES) == sorted(path.stem for path in FOLDER.iterdir())
