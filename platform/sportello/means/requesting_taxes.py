"""The office wants to know how an adult stands: a task asks, nobody waits."""

from django.db import transaction

from sportello.accounts.models import Account
from sportello.families.models import Adult
from sportello.means.tasks import ask


@transaction.atomic
def request_tax_position(*, adult: Adult, actor: Account | None) -> None:
    """Queues the question once the caller's transaction has committed. An enrolment never depends on the answer."""
    asked, by = str(adult.public_id), None if actor is None else actor.pk
    transaction.on_commit(lambda: ask.delay(adult=asked, actor=by))
