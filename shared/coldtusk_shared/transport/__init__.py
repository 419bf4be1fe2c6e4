"""Messages across the gap: bytes to frames and back, and the frames as light or as files."""

from typing import Final

USUAL_RATE: Final = 10
"""Codes shown a second: nearly every camera follows them (facts: transport, "Rate")."""
