"""The wait before a passphrase is tried: it grows with every wrong one and survives a restart.

It slows whoever types at the device. Against a thief with an image of the card it does nothing: there
only the passphrase helps (DESIGN, Vault).
"""

import re
from pathlib import Path

from coldtusk_shared import file_errors, files, limits
from coldtusk_shared.errors import BadInput
from coldtusk_shared.file_system import FileSystem

_COUNT = re.compile(rb"[0-9]{1,4}\n")
_FILE_BYTES = 5


def begin(path: Path, fs: FileSystem) -> int:
    """Count one more failure in the file *path*, durably, and return how many seconds to wait before the try.

    The try counts as failed until :func:`clear`: pulling the plug in the middle does not help.
    Call it under the lock of the folder, so that tries at the same time do not share one count.
    """
    failures = _failures(path, fs)
    files.replace(path, b"%d\n" % min(failures + 1, limits.UNLOCK_FAILURES), fs)
    return delay_seconds(failures)


def clear(path: Path, fs: FileSystem) -> None:
    """The passphrase was right: forget the failures."""
    files.remove(path, fs)


def delay_seconds(failures: int) -> int:
    """0, 1, 2, 4, ... seconds after 0, 1, 2, 3, ... failures, at most ``limits.UNLOCK_DELAY_SECONDS``."""
    return min((1 << failures) >> 1, limits.UNLOCK_DELAY_SECONDS)


def _failures(path: Path, fs: FileSystem) -> int:
    """A file that cannot be understood counts as many failures: breaking it must not help."""
    try:
        text = files.read_input(path, _FILE_BYTES, fs)
    except BadInput as error:
        return 0 if error.code is file_errors.MISSING else limits.UNLOCK_FAILURES
    if not _COUNT.fullmatch(text):
        return limits.UNLOCK_FAILURES
    return min(int(text), limits.UNLOCK_FAILURES)
