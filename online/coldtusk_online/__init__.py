"""The online half of Coldtusk."""

__version__ = "0.1.0"
