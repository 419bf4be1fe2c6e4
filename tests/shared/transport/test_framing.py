"""A message as picture files."""

import hashlib
from pathlib import Path

import pytest

from coldtusk_shared import limits
from coldtusk_shared.errors import BadInput, Refused
from coldtusk_shared.transport import density, framing
from coldtusk_shared.transport.decoder import Decoder
from coldtusk_shared.transport.fountain import smallest_capacity
from coldtusk_shared.transport.pictures import Area
from coldtusk_shared.transport.receiver import Receiver, Taken

_MESSAGE = hashlib.shake_256(b"framing").digest(4000)


def test_half_of_the_pictures_are_enough(tmp_path: Path) -> None:
    """Any half: every second one of a round."""
    count = framing.write_pictures(tmp_path / "codes", _MESSAGE, 10)
    pictures = sorted((tmp_path / "codes").iterdir())
    assert count == len(pictures)
    receiver = Receiver()
    with Decoder() as decoder:
        taken = [receiver.take(one) for path in pictures[1::2] for [one] in decoder.picture(path.read_bytes())]
    assert (Taken.DONE, _MESSAGE) == (taken[-1], receiver.message)


def test_the_density_is_one_that_nearly_every_camera_reads() -> None:
    """Version 20, and never more fragments than a reader solves for."""
    chosen = density.choose(framing.AREA.width // 5, smallest_capacity(5000))
    assert 20 == framing.cut(_MESSAGE * 2, chosen)[1]
    longest = density.choose(framing.AREA.width // 5, smallest_capacity(limits.MESSAGE_BYTES))
    assert framing.cut(bytes(limits.MESSAGE_BYTES), longest)[0].fragments <= limits.FRAGMENTS


@pytest.mark.parametrize(
    ("name", "fps", "code"),
    [("x.jpg", 10, "qr.unknown-picture"), ("x.gif", 0, "qr.bad-rate"), ("x.gif", 31, "qr.bad-rate")],
)
def test_refused(name: str, fps: int, code: str, tmp_path: Path) -> None:
    """Nothing is written."""
    with pytest.raises(BadInput) as caught:
        framing.write_pictures(tmp_path / name, b"x", fps)
    assert (code, []) == (caught.value.code.name, list(tmp_path.iterdir()))


def test_too_small_an_area(tmp_path: Path) -> None:
    """It says how many pixels are needed."""
    with pytest.raises(BadInput) as caught:
        framing.write_pictures(tmp_path / "x.png", bytes(5000), 10, Area(100, 100))
    assert "qr.picture-too-small" == caught.value.code.name


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Seen before anything is drawn."""
    (tmp_path / "x.gif").write_bytes(b"mine")
    with pytest.raises(Refused) as caught:
        framing.write_pictures(tmp_path / "x.gif", b"x", 10)
    assert ("file.exists", b"mine") == (caught.value.code.name, (tmp_path / "x.gif").read_bytes())
