"""The golden bytes in docs/adr/0011-frames-and-fountain.md are what the code computes."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from coldtusk_shared.transport import fountain
from coldtusk_shared.transport.fountain import Encoder

_PAGE = (Path(__file__).parents[3] / "docs" / "adr" / "0011-frames-and-fountain.md").read_text(encoding="utf-8")
_MESSAGE = b"what crosses the gap"
_CAPACITY = 19 + 18
_OF = fountain.split(_MESSAGE, _CAPACITY)

_COMPUTED: dict[str, Callable[[], str]] = {
    "message": _MESSAGE.hex,
    "coded text": lambda: fountain.coded_text(_MESSAGE, _OF).hex(),
    "frame 0": lambda: Encoder(_MESSAGE, _CAPACITY).frame(0).hex(),
    "weights 3": lambda: fountain.coefficients(_OF, 3).hex(),
    "frame 3": lambda: Encoder(_MESSAGE, _CAPACITY).frame(3).hex(),
    "static code": lambda: Encoder(_MESSAGE, 100).frame(0).hex(),
}


def _blocks() -> dict[str, str]:
    """The lines ``name = value`` of the page's code block; a long value stands in the indented lines below."""
    text = "".join(re.findall(r"```text\n(.*?)```", _PAGE, flags=re.DOTALL))
    pairs = (line.split("=") for line in re.sub(r"\n +", "", text).splitlines())
    return {name.strip(): value.strip() for name, value in pairs}


@pytest.mark.parametrize("name", _COMPUTED)
def test_golden_frames_of_the_page(name: str) -> None:
    """Each value of the page, computed again."""
    assert _COMPUTED[name]() == _blocks()[name]


def test_no_other_golden_frames() -> None:
    """No value of the page is without its computation."""
    assert set(_COMPUTED) == set(_blocks())
