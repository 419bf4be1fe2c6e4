"""``self-check``: known answers, the guard's layers, the digest of the software."""

import click

from coldtusk_offline import selfcheck, software
from coldtusk_offline.cli.main import start_of
from coldtusk_shared.errors import Refused


@click.command("self-check")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Check every primitive against known answers, and show what keeps this process off the network."""
    outcomes = selfcheck.run()
    for outcome in outcomes:
        click.echo(f"{'ok    ' if outcome.passed else 'FAILED'}  {outcome.name}")
    report = start_of(ctx).guard
    for layer in () if report is None else report.layers:
        click.echo(f"{layer.name}: {layer.state.value} -- {layer.detail}")
    click.echo(f"software {software.digest().hex()}")
    failed = sum(not outcome.passed for outcome in outcomes)
    if failed:
        raise Refused(selfcheck.FAILED, f"{failed} of {len(outcomes)} checks failed")
    click.echo(f"all {len(outcomes)} checks passed")
