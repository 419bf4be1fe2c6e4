"""What a process takes away from itself before it touches what came from outside (manual: setrlimit(2), prctl(2)).

Called in the child, as its first step; nothing of it can be taken back by a process without privileges.
"""

import ctypes
import os
import resource
import signal

_SET_PARENT_DEATH_SIGNAL, _SET_NO_NEW_PRIVILEGES = 1, 38  # linux/prctl.h


def confine(parent: int) -> None:
    """No privilege gained, no core dump, and dead with *parent*: this process or what it becomes by exec.

    The signal comes when the thread ends that started this process; a parent that is gone already is seen here.
    Raises OSError when the kernel refuses, ProcessLookupError when *parent* is gone.
    """
    _prctl(_SET_NO_NEW_PRIVILEGES, 1)
    _prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        raise ProcessLookupError("the process that started this one is gone")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_memory(size: int) -> None:
    """From now on at most *size* bytes of addresses; what is past them fails, and nothing else on the machine does."""
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def forbid_writing() -> None:
    """From now on no file grows by this process; pipes are none."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def forbid_processes() -> None:
    """From now on this process starts no other and no thread; root may all the same."""
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def forbid_files() -> None:
    """From now on this process opens nothing, whatever code runs in it; open descriptors stay usable."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _prctl(option: int, value: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(option, ctypes.c_ulong(value), *[ctypes.c_ulong(0)] * 3) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
