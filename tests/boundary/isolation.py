"""A network namespace without a network, where this machine permits one."""

import shutil
import subprocess
from functools import cache

_UNSHARE = ("unshare", "--map-root-user", "--net")


@cache
def permitted() -> bool:
    """Whether this user may make a namespace here."""
    if shutil.which(_UNSHARE[0]) is None:
        return False
    return subprocess.run([*_UNSHARE, "true"], capture_output=True, check=False).returncode == 0


def no_network() -> tuple[str, ...]:
    """What stands before a command so that it has no network; nothing where that is not permitted."""
    return _UNSHARE if permitted() else ()
