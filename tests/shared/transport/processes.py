"""What the kernel says about other processes."""

import time
from collections.abc import Callable
from pathlib import Path

_TRIES = 500


def gone(pid: int | None) -> bool:
    """Whether there is no such process, not even a dead one that nobody waited for."""
    return pid is not None and not Path(f"/proc/{pid}").exists()


def ended(pid: int) -> None:
    """Return when *pid* runs no more; somebody else's child may stay as a zombie. Fails after some seconds."""
    waited(lambda: status(pid).get("State", "Z").startswith("Z"))


def waited(happened: Callable[[], bool]) -> None:
    """Return when *happened*. Fails after some seconds."""
    for _ in range(_TRIES):
        if happened():
            return
        time.sleep(0.02)
    raise AssertionError("it never happened")


def status(pid: int) -> dict[str, str]:
    """The lines of its status; none for a process that is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def limits_of(pid: int) -> dict[str, str]:
    """Its hard limits by the kernel's names for them."""
    lines = Path(f"/proc/{pid}/limits").read_text(encoding="ascii").splitlines()[1:]
    return {line[:26].strip(): line[47:68].strip() for line in lines}


def peak_kib(pid: int) -> int:
    """The most memory that it had in use so far, in KiB."""
    return int(status(pid)["VmHWM"].split()[0])
