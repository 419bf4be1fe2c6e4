"""Stand-ins of the payment services for training, for the demo and for tests: on real sockets, with TLS.

They parse and check what comes from the wire by their own code: nothing here shares a body, a MAC, a field table or a
rounding rule with the rest of Coldtusk. What they know is in the facts page of the payment services; what nobody
documents is a mode.

Use it so::

    with serve_payments(folder) as services:
        ...  # talk to services.coinpayments_url, trusting services.ca_file
        services.faults.arm(FaultKind.REPLY_LOST, "/api.php")
        services.coinrpc.modes = replace(services.coinrpc.modes, reserialise=Reserialise.PHP)
        assert len(services.books.of(Service.COINPAYMENTS)) == 1
"""

from coldtusk_online.rehearsal.payments.authority import Authority, Certificate
from coldtusk_online.rehearsal.payments.books import Books, Entry, Service
from coldtusk_online.rehearsal.payments.credentials import REHEARSAL, Credentials
from coldtusk_online.rehearsal.payments.faults import Fault, FaultKind, Faults, RetryAfter
from coldtusk_online.rehearsal.payments.serving import RunningPayments, serve_payments

__all__ = [
    "REHEARSAL",
    "Authority",
    "Books",
    "Certificate",
    "Credentials",
    "Entry",
    "Fault",
    "FaultKind",
    "Faults",
    "RetryAfter",
    "RunningPayments",
    "Service",
    "serve_payments",
]
