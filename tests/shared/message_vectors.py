"""The golden messages of ``tests/vectors/messages``, as sentences.

``python tests/shared/message_vectors.py`` writes the files anew; ``test_message_vectors.py`` makes the same bytes and
compares. A change of a file is a change of the wire format: it needs a new format version, or a reason in the ADR.
"""

import sys
from pathlib import Path

if __package__ in {None, ""}:  # started as a script
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import coincurve

from coldtusk_shared.card import CardAccount, DeviceCard, HostCard
from coldtusk_shared.deadline import Deadline, NotAfter
from coldtusk_shared.request import Item, JournalHead, PaymentId, Request, RequestId
from coldtusk_shared.response import RefusedItem, Signed
from coldtusk_shared.services.warthog import rules
from coldtusk_shared.services.warthog.content import WarthogContent
from coldtusk_shared.services.warthog.evidence import Evidence
from coldtusk_shared.services.warthog.network import Network
from coldtusk_shared.services.warthog.preimage import txid
from tests.shared import service_vectors
from tests.shared.samples import (
    ACCOUNT_KEY,
    BODIES,
    CONTENTS,
    DEVICE,
    HOST,
    NONCE,
    PIN_HEIGHT,
    SENDER,
    renumbered,
    transaction,
)
from tests.shared.vector_making import (
    CREATED,
    FOLDER,
    GENESIS,
    HEAD_2,
    THE_ACCOUNT,
    THE_PAIRING,
    Golden,
    a_response,
    an_answer,
    answered,
    asked,
    shown,
    written,
)


def a_payment(content: WarthogContent, number: int = 1) -> Item:
    """*content* under the payment id that repeats *number*."""
    return Item(PaymentId(bytes([0x50 + number]) * 16), content.sender.raw, content)


def a_request(*contents: WarthogContent, purpose: str = "Invoice 1207", head: JournalHead | None = None) -> Request:
    """A request of the host for *contents*."""
    return Request(
        id=RequestId(bytes(range(0x20, 0x30))),
        created=CREATED,
        not_after=NotAfter(Deadline.HEIGHT, rules.last_block(PIN_HEIGHT)),
        purpose=purpose,
        origin="treasury-1",
        items=tuple(a_payment(content, place) for place, content in enumerate(contents, 1)),
        host_head=head,
    )


ONE_TRANSFER = a_request(CONTENTS["wartTransfer"])
EACH = [renumbered(content, NONCE + place) for place, content in enumerate(CONTENTS.values())]
BATCH = a_request(*EACH, purpose="Pay run of 5 M\u00e4rz, \u7d66\u4e0e \u2116 3", head=HEAD_2)


def signed(item: Item) -> Signed:
    """The output of *item*: r | s | recid, made by libsecp256k1."""
    content = item.content
    if not isinstance(content, WarthogContent):
        raise TypeError
    key = coincurve.PrivateKey(ACCOUNT_KEY)
    return Signed(item.payment_id, key.sign_recoverable(txid(content.transaction), hasher=None))


def refused(item: Item) -> RefusedItem:
    """The operator said no to *item*."""
    return RefusedItem(item.payment_id, "review.refused", "the operator refused it")


def requests() -> list[Golden]:
    """A request for each kind, and what else a request can have."""
    kinds = [asked(f"request-{name}", f"{name} with its evidence", a_request(CONTENTS[name])) for name in BODIES]
    bare = WarthogContent(SENDER, transaction(BODIES["tokenTransfer"]), Evidence())
    main = WarthogContent(SENDER, transaction(BODIES["wartTransfer"], Network.MAIN), CONTENTS["wartTransfer"].proof)
    return [
        *kinds,
        asked("request-bare", "a token transfer without any evidence, no purpose", a_request(bare, purpose="")),
        asked("request-main", "a transfer on the main network", a_request(main)),
        asked("request-batch", "all kinds in one request, the host's last known head, text beyond ASCII", BATCH),
    ]


def responses() -> list[Golden]:
    """A response for each outcome."""
    item = ONE_TRANSFER.items[0]
    mixed = [signed(one) if place % 2 else refused(one) for place, one in enumerate(BATCH.items)]
    return [
        answered("response-signed", "one item, signed", a_response(ONE_TRANSFER, signed(item))),
        answered("response-refused", "one item, refused by the operator", a_response(ONE_TRANSFER, refused(item))),
        answered("response-batch", "signed and refused beside one another", a_response(BATCH, *mixed)),
        answered(
            "response-behind",
            "the host knew nothing of the journal yet: three entry hashes",
            a_response(ONE_TRANSFER, signed(item), since=0),
        ),
    ]


def cards() -> list[Golden]:
    """Both cards."""
    account = CardAccount("defi", SENDER.raw, "treasury")
    other = CardAccount("main", bytes([0xB]) * 20, "payroll \u00d6st")
    new = DeviceCard(DEVICE.public_key, "vault A", JournalHead(0, GENESIS), ())
    return [
        shown("host-card", "an online half", HostCard(HOST.public_key, "treasury-1")),
        shown("device-card-new", "a device without accounts, its journal empty", new),
        shown(
            "device-card",
            "a device with two accounts",
            DeviceCard(DEVICE.public_key, "vault A", HEAD_2, (account, other)),
        ),
    ]


def journal() -> list[Golden]:
    """The kinds of entry that Warthog needs."""
    item = ONE_TRANSFER.items[0]
    return [
        written("entry-account", "entry 1: an account was made", THE_ACCOUNT),
        written("entry-pairing", "entry 2: a host was paired", THE_PAIRING),
        written("entry-answer", "entry 3: a request was answered", an_answer(ONE_TRANSFER, signed(item))),
    ]


def golden() -> dict[str, Golden]:
    """All vectors by name."""
    return {one.name: one for one in [*requests(), *responses(), *cards(), *journal(), *service_vectors.golden()]}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for one in golden().values():
        (FOLDER / f"{one.name}.json").write_text(one.text(), encoding="utf-8")
        print(one.name)
