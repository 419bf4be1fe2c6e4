"""The chain: heights, block hashes that follow from a seed alone, pins and how long they hold."""

import hashlib

from coldtusk_shared.services.warthog.network import Network

PIN_STEP = 32
REWARD_E8 = 300_000_000
"""3 WART to the miner of a block (recorded)."""


class Chain:
    """Blocks 0 (genesis) to :attr:`length`. Two chains of one network and seed have the same hashes."""

    def __init__(self, network: Network, seed: bytes) -> None:
        self._salt = hashlib.sha256(b"coldtusk rehearsal\0" + network.value.encode() + b"\0" + seed).digest()
        self._times: list[int] = []

    @property
    def length(self) -> int:
        """The height of the newest block."""
        return len(self._times)

    @property
    def pin_height(self) -> int:
        """The newest pin: the height with its five lowest bits cleared."""
        return self.length & ~(PIN_STEP - 1)

    def append(self, timestamp: int) -> int:
        """One more block, made at *timestamp* (seconds, UTC); returns its height."""
        self._times.append(timestamp)
        return self.length

    def block_hash(self, height: int) -> bytes:
        """The 32 bytes of the block at *height*; ``RuntimeError`` above the head."""
        if not 0 <= height <= self.length:
            raise RuntimeError(f"there is no block {height}")
        return hashlib.sha256(self._salt + height.to_bytes(4, "big")).digest()

    def timestamp(self, height: int) -> int:
        """When the block at *height* (1 or more) was made."""
        return self._times[height - 1]

    def oldest_pin(self) -> int:
        """The lowest pin that the next block may still take (facts: 8160 to 8191 blocks back)."""
        return max(0, (self.length + 1) // PIN_STEP - 255) * PIN_STEP

    def takes_pin(self, height: int) -> bool:
        """Whether a transaction pinned at *height* may enter the next block."""
        return self.oldest_pin() <= height <= self.length
