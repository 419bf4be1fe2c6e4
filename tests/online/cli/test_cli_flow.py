"""A payment's whole way through the commands."""

from pathlib import Path

from tests.simulators.online_house import house


def test_a_transfer_is_built_answered_submitted_and_confirmed(tmp_path: Path) -> None:
    """Each command says where the payment stands, and the node mines it."""
    with house(tmp_path) as home:
        built = home.transfer("--purpose", "invoice 17")
        assert (0, "issued") == (built.status, built.json["state"])
        response = home.answered(built.json["file"])
        sent = home.json("submit", response)
        assert (0, "submitted") == (sent.status, sent.json["requests"][0]["state"])
        home.mine(10)
        followed = home.json("follow", "--once")
        assert ["confirmed"] == [one["state"] for one in followed.json["changed"]]
        assert [] == followed.json["waiting"]
