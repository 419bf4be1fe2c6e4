"""The golden frames in tests/vectors/transport/frames.json, made by the slow reference alone.

``python -m tests.shared.transport.frame_vectors`` writes them.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.shared.transport import slow_fountain

FILE = Path(__file__).parents[2] / "vectors" / "transport" / "frames.json"


@dataclass(frozen=True, slots=True)
class Golden:
    """*message* in symbols of *capacity* bytes: *fragments* of *size* bytes, and some frames by their numbers."""

    name: str
    message: bytes
    capacity: int
    fragments: int
    size: int
    frames: dict[int, bytes]

    def member(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {
            "name": self.name,
            "message": self.message.hex(),
            "capacity": self.capacity,
            "fragments": self.fragments,
            "fragment_bytes": self.size,
            "frames": {str(sequence): frame.hex() for sequence, frame in self.frames.items()},
        }


def _golden(name: str, message: bytes, capacity: int, size: int, *sequences: int) -> Golden:
    count = len(slow_fountain.fragments_of(message, size))
    frames = {sequence: slow_fountain.frame(message, size, sequence) for sequence in sequences}
    return Golden(name, message, capacity, count, size, frames)


def _counting(length: int) -> bytes:
    return bytes(number * 7 % 251 for number in range(length))


def golden() -> list[Golden]:
    """A static code, the least message, a full symbol, and messages of several frames."""
    return [
        _golden("one byte", b"\0", 52, 33, 0),
        _golden("one static code", b"what crosses the gap", 78, 52, 0),
        _golden("a full symbol", _counting(120), 171, 152, 0),
        _golden("one byte more", _counting(121), 171, 77, 0, 1, 2, 3, 4),
        _golden("three fragments", b"what crosses the gap", 38, 18, *range(9), 255, 256, 65_536, 16_777_215),
        _golden("padded", _counting(200), 65, 39, *range(14)),
        _golden("thirty fragments", _counting(1000), 54, 35, 0, 29, 30, 31, 32, 1000),
        _golden("zeros", bytes(100), 64, 44, 0, 1, 2, 3, 4),
    ]


def read() -> list[dict[str, Any]]:
    """The file's vectors."""
    vectors: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["vectors"]
    return vectors


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    made = {"about": "frames of docs/adr/0011; bytes in hex", "vectors": [one.member() for one in golden()]}
    FILE.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
