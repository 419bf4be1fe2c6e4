"""The page of the services' commands is what the tables and the commands say today, and each service has its calls."""

import pytest

from tests.boundary import pages, service_commands


def test_the_page_is_not_stale() -> None:
    """docs/manual/service-commands.md is what `make docs-commands` writes."""
    assert service_commands.page() == pages.text(pages.SERVICE_COMMANDS)


@pytest.mark.parametrize("group", service_commands.CALLS)
def test_every_call_of_a_table_has_a_command(group: str) -> None:
    """Whatever a shared table lets a device sign can be asked for; authenticate comes along with the others."""
    made = {service_commands.call_of(one) for one in service_commands.commands() if one.words[0] == group}
    left = {call.name for call in service_commands.CALLS[group].values() if call not in made}
    assert left == ({"authenticate"} if group == "coinsoftworks" else set())


def test_the_groups_are_those_of_the_pages() -> None:
    """A fifth service needs a page of its own."""
    assert service_commands.CALLS.keys() == pages.SERVICES.keys()
