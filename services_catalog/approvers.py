"""Who may put an edition in force: an administrator who neither wrote nor proposed it."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from services_catalog.models import Edition
from sportello.accounts.models import Account, Role
from sportello.kernel.errors import DomainError


class NotProposed(DomainError):
    """Nobody has proposed the draft yet."""


class ApproverIsAuthor(DomainError):
    """Who drafted, last revised or proposed an edition does not judge it."""


def authors_of(edition: Edition) -> frozenset[int]:
    """The accounts that drafted, last revised and proposed it; none for a pack of the central team."""
    written = (edition.drafted_by_id, edition.revised_by_id, edition.proposed_by_id)
    return frozenset(pk for pk in written if pk is not None)


def check_approver(edition: Edition, actor: Account) -> None:
    """Raises NotProposed, or ApproverIsAuthor. The database refuses the same."""
    if not edition.is_proposed:
        raise NotProposed(_("Prima la bozza va proposta: la mette in vigore un'altra persona."))
    if actor.pk in authors_of(edition):
        raise ApproverIsAuthor(
            _("Hai preparato o proposto tu questa tariffa: la mette in vigore un altro amministratore.")
        )


def approvers_of(edition: Edition, today: date) -> list[Account]:
    """The administrators of the Comune who may judge the edition today (one query)."""
    held = Q(grants__role=Role.ADMINISTRATOR, grants__valid_during__contains=today)
    return list(Account.objects.filter(held, is_active=True).exclude(pk__in=authors_of(edition)).order_by("pk"))
