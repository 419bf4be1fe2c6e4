"""The offline half of Coldtusk."""

__version__ = "0.1.0"
