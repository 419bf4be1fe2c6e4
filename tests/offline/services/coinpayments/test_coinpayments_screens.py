"""What an operator sees of CoinPayments, as golden screens."""

import pytest

from coldtusk_shared.screen import COLUMNS
from coldtusk_shared.text import columns
from tests.offline.services.coinpayments.payments_screens import FOLDER, SCENES, play


@pytest.mark.parametrize("name", SCENES)
def test_screen_is_as_recorded(name: str) -> None:
    """To record it anew: ``python tests/offline/services/coinpayments/payments_screens.py``, never by a test."""
    assert (FOLDER / f"{name}.txt").read_text(encoding="utf-8") == play(SCENES[name])


def test_no_recording_is_left_over() -> None:
    """A file for each scene."""
    assert sorted(SCENES) == sorted(path.stem for path in FOLDER.iterdir())


@pytest.mark.parametrize("name", SCENES)
def test_no_row_is_wider_than_the_screen(name: str) -> None:
    """80 columns, from the heading on."""
    shown = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    rows = shown[shown.index("=") :].splitlines()
    assert [] == [row for row in rows if columns(row) > COLUMNS]
