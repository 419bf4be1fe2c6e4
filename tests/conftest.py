"""One profile for every property test, and the words about programs that are missing."""

from collections.abc import Generator

import pytest
from hypothesis import settings

from tests.simulators.programs import at_the_end, at_the_start

# The same examples in every run, and none fails for being slow.
settings.register_profile("coldtusk", deadline=None, derandomize=True)
settings.load_profile("coldtusk")


def pytest_report_header() -> str:
    """Said before the first test."""
    return at_the_start()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Said after the last one, and after all that the other reports say."""
    yield
    skipped = terminalreporter.stats.get("skipped", [])
    if said := at_the_end(str(report.longrepr) for report in skipped):
        terminalreporter.write_line(said, yellow=True)
