"""An independent COSE library verifies envelopes. Run by the interpreter of .venv-cose, never imported by a test.

Standard input: lines of JSON {"message": hex, "public_key": hex of 32 bytes, "external_aad": hex}.
Standard output: for each line {"payload": hex} or {"error": text}. It shares no code with Coldtusk, and reads the
keys and the CBOR by its own libraries.
"""

import json
import sys

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cwt import COSE, COSEKey, CWTError

_KID = 4  # RFC 9052 3.1
_REFUSALS = (CWTError, InvalidSignature, cbor2.CBORDecodeError, AttributeError, KeyError, TypeError, ValueError)


def verify(message: bytes, public_key: bytes, external_aad: bytes) -> bytes:
    """Return the payload of a COSE_Sign1 message, or raise what the library raises."""
    pem = Ed25519PublicKey.from_public_bytes(public_key).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    # cwt looks a key up by the kid of the message: the key to try is given, so it takes that name.
    protected = cbor2.loads(cbor2.loads(message).value[0])
    key = COSEKey.from_pem(pem.decode(), kid=protected[_KID], alg="EdDSA")
    payload = COSE.new().decode(message, key, external_aad=external_aad)
    return bytes(payload)


def answer(line: str) -> dict[str, str]:
    """One line's answer."""
    asked = {name: bytes.fromhex(value) for name, value in json.loads(line).items()}
    try:
        return {"payload": verify(**asked).hex()}
    except _REFUSALS as error:
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    for asked_line in sys.stdin:
        print(json.dumps(answer(asked_line)), flush=True)
