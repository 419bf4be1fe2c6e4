"""Constants of the private node that the replies were recorded from: difficulty, work, versions."""

from coldtusk_online.rehearsal.forms import Json

DIFFICULTY = 536871040.0000305
_WORK_PER_BLOCK = 536_871_040
UNKNOWN_HASHRATE = 2**64 - 1
"""What the private node says on a chain of one second."""


def worksum(height: int) -> int:
    """The chain's summed difficulty at *height*."""
    return _WORK_PER_BLOCK * height


def worksum_hex(height: int) -> str:
    """The same as 256 bits."""
    return f"0x{worksum(height):064x}"


def version(major: int, minor: int, patch: int, commit: str) -> dict[str, Json]:
    """A node's version as both networks spell it."""
    name = f'v{major}.{minor}.{patch} "{commit}"'
    return {"name": name, "major": major, "minor": minor, "patch": patch, "commit": commit}
