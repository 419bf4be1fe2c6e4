"""Responses and cards that must be refused when they are parsed."""

from typing import Any

from tests.shared.rejecting import GONE, Rejected, misparsed
from tests.shared.samples import BURN


def rejected() -> list[Rejected]:
    """All of them."""
    return [*_responses(), *_released(), *_cards(), *_services()]


def _responses() -> list[Rejected]:
    def one(name: str, change: Any, code: str, where: str) -> Rejected:
        return misparsed(name, "response-signed", change, code, f"response{where}")

    def result(name: str, value: Any, code: str, where: str) -> Rejected:
        return one(name, {4: [value]}, code, f".results[0]{where}")

    payment, later = b"\x51" * 16, "field.not-supported"
    encrypted = {1: bytes(32), 2: b"\0"}
    return [
        one("a response of version 2", {1: 2}, "message.version", ".version"),
        one("a request digest of 20 bytes", {3: bytes(20)}, "field.wrong-length", ".request_digest"),
        one("no results", {4: []}, "field.out-of-range", ".results"),
        one("a response with more", {6: 0}, "field.unknown", ""),
        result("a signed result without output", {1: payment, 2: 1}, "field.missing", ".output"),
        result("an empty output", {1: payment, 2: 1, 3: b""}, "field.wrong-length", ".output"),
        result("an output of 16385 bytes", {1: payment, 2: 1, 3: bytes(16385)}, "field.wrong-length", ".output"),
        result("an output that is a text", {1: payment, 2: 1, 3: "ab"}, "field.wrong-type", ".output"),
        result("signed and refused at once", {1: payment, 2: 1, 3: b"\0", 4: "a.b", 5: ""}, "field.unknown", ""),
        result("a refusal without a code", {1: payment, 2: 2, 5: ""}, "field.missing", ".code"),
        result("a reason that runs backwards", {1: payment, 2: 2, 4: "a.b", 5: "\u202e"}, "text.character", ".reason"),
        result("an outcome of nobody", {1: payment, 2: 0}, later, ".outcome"),
        result("a secret beside an open output", {1: payment, 2: 1, 3: b"\0", 6: encrypted}, "field.unknown", ""),
        result("a void that was promised", {1: payment, 2: 4}, later, ".outcome"),
        result("a void that was refused", {1: payment, 2: 5, 7: b"\0"}, later, ".outcome"),
        one("a failed self-check", {5: {3: False}}, "response.self-check", ".receipt.self_check"),
        one("entry 0 of the journal", {5: {4: 0}}, "field.out-of-range", ".receipt.sequence"),
        one("no entry hashes", {5: {6: []}}, "field.out-of-range", ".receipt.entries"),
        one("an entry hash of 31 bytes", {5: {6: [bytes(31)]}}, "field.wrong-length", ".receipt.entries"),
        one("an entry hash that is a number", {5: {6: [0]}}, "field.wrong-type", ".receipt.entries"),
        one("a policy digest", {5: {7: bytes(32)}}, later, ".receipt.7"),
        one("a policy rule", {5: {8: "rule 1"}}, later, ".receipt.8"),
        one("an approval", {5: {9: [{1: bytes(32), 2: bytes(64)}]}}, later, ".receipt.9"),
        one("an air-gap result", {5: {10: {}}}, later, ".receipt.10"),
        one("a time that is a text", {5: {11: "12:00"}}, "field.wrong-type", ".receipt.utc"),
        one("a time before 1970", {5: {11: -1}}, "field.out-of-range", ".receipt.utc"),
        one("a receipt with more", {5: {12: 0}}, "field.unknown", ".receipt"),
    ]


def _released() -> list[Rejected]:
    def one(name: str, change: Any, code: str, where: str) -> Rejected:
        return misparsed(name, "response-released", {4: {0: change}}, code, f"response.results[0]{where}")

    enc, ciphertext, length = ".encrypted.enc", ".encrypted.ciphertext", "field.wrong-length"
    return [
        one("a secret that is not encrypted", {6: b"the key"}, "field.wrong-type", ".encrypted"),
        one("a secret in the open beside its ciphertext", {3: b"the key"}, "field.unknown", ""),
        one("a released result of nothing", {6: GONE}, "field.missing", ".encrypted"),
        one("an encapsulated key of 31 bytes", {6: {1: bytes(31)}}, length, enc),
        one("no encapsulated key", {6: {1: GONE}}, "field.missing", enc),
        one("no ciphertext", {6: {2: GONE}}, "field.missing", ciphertext),
        one("an empty ciphertext", {6: {2: b""}}, length, ciphertext),
        one("a ciphertext of 16385 bytes", {6: {2: bytes(16385)}}, length, ciphertext),
        one("a ciphertext that is a text", {6: {2: "ab"}}, "field.wrong-type", ciphertext),
        one("a ciphertext with more", {6: {3: b""}}, "field.unknown", ".encrypted"),
    ]


def _cards() -> list[Rejected]:
    def one(name: str, change: Any, code: str, where: str) -> Rejected:
        return misparsed(name, "device-card", change, code, f"card{where}")

    return [
        one("a card of version 2", {1: 2}, "message.version", ".version"),
        one("a key of 31 bytes", {2: bytes(31)}, "field.wrong-length", ".public_key"),
        one("a name that clears the screen", {3: "\x1b[2J"}, "text.character", ".label"),
        one("a name of 65 bytes", {3: "x" * 65}, "text.too-long", ".label"),
        one("a card without its journal's head", {4: GONE}, "field.missing", ".head"),
        one("an account of no network", {5: {0: {1: "test"}}}, "field.out-of-range", ".accounts[0].network"),
        one("an account of 32 bytes", {5: {0: {2: bytes(32)}}}, "field.wrong-length", ".accounts[0].address"),
        one("an account with more", {5: {1: {4: BURN.raw}}}, "field.unknown", ".accounts[1]"),
        one("a card with more", {7: 0}, "field.unknown", ""),
        one("no account at a service", {6: []}, "field.out-of-range", ".services"),
    ]


def _services() -> list[Rejected]:
    def one(name: str, change: Any, code: str, where: str) -> Rejected:
        return misparsed(name, "device-card-services", {6: {0: change}}, code, f"card.services[0]{where}")

    return [
        one("an account at no service", {1: GONE}, "field.missing", ".system"),
        one("a service with a long name", {1: "x" * 65}, "text.too-long", ".system"),
        one("an account at a service without a name", {2: b""}, "field.wrong-length", ".account"),
        one("an account at a service of 65 bytes", {2: bytes(65)}, "field.wrong-length", ".account"),
        one("an account at a service that is a text", {2: "shop"}, "field.wrong-length", ".account"),
        one("a label that clears the screen", {3: "\x1b[2J"}, "text.character", ".label"),
        one("a secret on a card", {4: b"secret"}, "field.unknown", ""),
    ]
