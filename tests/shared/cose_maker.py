"""An independent COSE library makes envelopes. Run by the interpreter of .venv-cose, never imported by a test.

Standard input: lines of JSON {"seed", "kid", "content_type", "payload", "external_aad"}, all but the content type in
hex. Standard output: for each line {"message": hex}. It shares no code with Coldtusk.
"""

import json
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cwt import COSE, COSEKey

_ALG, _CONTENT_TYPE, _KID, _EDDSA = 1, 3, 4, -8  # RFC 9052 3.1, RFC 9053 2.2


def make(asked: dict[str, str]) -> bytes:
    """One COSE_Sign1 message, tagged."""
    kid = bytes.fromhex(asked["kid"])
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(asked["seed"]))
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    message = COSE.new().encode_and_sign(
        bytes.fromhex(asked["payload"]),
        COSEKey.from_pem(pem.decode(), kid=kid, alg="EdDSA"),
        protected={_ALG: _EDDSA, _CONTENT_TYPE: asked["content_type"], _KID: kid},
        external_aad=bytes.fromhex(asked["external_aad"]),
    )
    return bytes(message)


if __name__ == "__main__":
    for asked_line in sys.stdin:
        print(json.dumps({"message": make(json.loads(asked_line)).hex()}), flush=True)
