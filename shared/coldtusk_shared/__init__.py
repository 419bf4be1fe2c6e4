"""What both halves of Coldtusk must agree on: bytes, messages, limits, errors."""

__version__ = "0.1.0"
