"""Messages across the gap: bytes to frames and back, and the frames as light or as files."""

from typing import Final

USUAL_RATE: Final = 11
"""Codes shown a second: nearly every camera follows them (facts: transport, "Rate"); 10 miss 9 kB/s by 0.004."""
