"""Checking a body again: one that is stored, or one in a file."""

from coldtusk_online.webhooks.app import VERIFY
from coldtusk_online.webhooks.notice import Headers, Notice, Service
from coldtusk_online.webhooks.secrets import Secrets


def of_file(service: Service, body: bytes, hmac: bytes | None, secrets: Secrets) -> Notice:
    """The notice in *body* of *service*; *hmac* is the header's value, if there was one.

    :raises ColdtuskError: what the service's ``verify`` raises.
    """
    headers: Headers = [] if hmac is None else [(b"hmac", hmac)]
    return VERIFY[service](body, headers, secrets.of(service))


def again(notice: Notice, secrets: Secrets) -> Notice:
    """The stored *notice*, verified anew: under the secrets as they are now."""
    return of_file(notice.service, notice.body, notice.proof.hex().encode(), secrets)
