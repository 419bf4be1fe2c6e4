"""A signature from outside is believed only if it recovers to the sender, over bytes rebuilt here.

65 bytes r | s | recid (facts: Signing). The node refuses a high s and a recid above 3; so do we, before it sees them.
"""

import hashlib

from coincurve import PublicKey

from coldtusk_shared.errors import BadInput, Code
from coldtusk_shared.request import Item
from coldtusk_shared.services.warthog.address import Address
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.preimage import preimage

_AGAIN = "do not use it: check the device, its self-check and its journal, then have the request answered again"
LENGTH = Code("warthog.signature.length", _AGAIN)
HIGH_S = Code("warthog.signature.high-s", _AGAIN)
RECID = Code("warthog.signature.recid", _AGAIN)
INVALID = Code("warthog.signature.invalid", _AGAIN)
OTHER_SIGNER = Code("warthog.signature.other-signer", _AGAIN)

_BYTES = 65
_HIGHEST_RECID = 3
_HALF_ORDER = 0x7FFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_5D576E73_57A4501D_DFE92F46_681B20A0
"""Half of the order of secp256k1 (SEC 2, 2.4.1), rounded down."""


def check(item: Item, output: bytes, where: str) -> None:
    """Refuse *output* unless it is the sender's signature of *item*'s content.

    :raises BadInput: ``warthog.signature.length``, ``.recid``, ``.high-s``, ``.invalid``, ``.other-signer``.
    """
    content = item.content
    if not isinstance(content, WarthogContent):
        raise RuntimeError("not a Warthog payment")
    if len(output) != _BYTES:
        raise BadInput(LENGTH, f"a signature of {len(output)} bytes, not {_BYTES}", where=where)
    if output[-1] > _HIGHEST_RECID:
        raise BadInput(RECID, f"recovery id {output[-1]}", where=where)
    if int.from_bytes(output[32:64]) > _HALF_ORDER:
        raise BadInput(HIGH_S, "the signature's s is in the upper half", where=where)
    if _signer(content, output, where) != content.sender:
        raise BadInput(OTHER_SIGNER, f"another key signed than that of {content.sender.text}", where=where)


def number(_item: Item, _output: bytes) -> None:
    """A node counts nothing."""
    return


def _signer(content: WarthogContent, output: bytes, where: str) -> Address:
    digest = hashlib.sha256(preimage(content.transaction)).digest()
    try:
        key = PublicKey.from_signature_and_message(output, digest, hasher=None)
    except Exception as error:
        raise BadInput(INVALID, "no key gives this signature", where=where) from error
    return Address.from_public_key(key.format())
