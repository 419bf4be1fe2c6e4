"""One profile for every property test: the same examples in every run, and none fails for being slow."""

from hypothesis import settings

settings.register_profile("coldtusk", deadline=None, derandomize=True)
settings.load_profile("coldtusk")
