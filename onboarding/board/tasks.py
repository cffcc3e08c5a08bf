"""What the clock starts for the board: each Comune is asked for its signs."""

from celery import shared_task

from onboarding.board.gathering import gather_signs
from sportello.kernel import clock
from tenants.current import current_municipality, current_schema, is_central
from tenants.migration_states import MigrationState, migration_states


@shared_task(name="board.gather")
def gather() -> None:
    """Asks the rooms of this Comune. Of the central team there is nothing to ask; a schema left behind waits."""
    if is_central() or migration_states().get(current_schema()) is not MigrationState.ALIGNED:
        return
    gather_signs(municipality=current_municipality(), now=clock.now())
