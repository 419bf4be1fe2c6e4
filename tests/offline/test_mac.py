"""HMACs by two implementations: equal to Node's, and nothing is released where the two differ."""

import pytest

from coldtusk_offline.mac import Digest, mac_of, openssl
from coldtusk_offline.secret import Secret
from tests.offline.payments import code_of
from tests.simulators.node_hmac import Mac, node_hmacs

KEY = Secret("s\u00e9cret/+=1".encode())
DATA = b"version=1&key=k"


def test_as_node_computes_them() -> None:
    """Both hashes, by both implementations."""
    expected = node_hmacs([Mac(digest.value, KEY.reveal(), DATA) for digest in Digest])
    assert expected == [mac_of(KEY, DATA, digest).hex() for digest in Digest]
    assert expected == [openssl(KEY, DATA, digest).hex() for digest in Digest]


@pytest.mark.parametrize("digest", Digest)
def test_a_wrong_one_is_not_released(digest: Digest) -> None:
    """A faulty library or machine: the device stops."""
    wrong = bytes(len(mac_of(KEY, DATA, digest)))
    assert "mac.implementations-differ" == code_of(mac_of, KEY, DATA, digest, lambda *_: wrong)
