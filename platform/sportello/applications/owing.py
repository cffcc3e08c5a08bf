"""The documents that a sent application still owes, and their handing in."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from services_catalog.schema import EditionContent
from sportello.applications.admissibility.documents import WantedDocument, wanted_documents
from sportello.applications.admissibility.facts import Applicant
from sportello.applications.admissibility.reading import answered, known_applicants
from sportello.applications.attaching import Upload, replace
from sportello.applications.models import Application, ApplicationState
from sportello.applications.steps.documents import purpose_of
from sportello.families.models import Child
from sportello.families.queries import placements_on
from sportello.kernel.clock import ROME
from sportello.kernel.errors import DomainError
from sportello.kernel.school_year import SchoolYear

OPEN = (ApplicationState.SUBMITTED, ApplicationState.TO_COMPLETE, ApplicationState.ACCEPTED)


class DocumentNotOwed(DomainError):
    """Nothing of what was handed in is wanted of this application now."""


def applicant_of(application: Application, child: Child, content: EditionContent, today: date) -> Applicant:
    """The child of a sent application: what the Comune knows of it now, and what the family answered then."""
    day = max(today, SchoolYear(application.school_year).period.start)
    known = known_applicants([child], content=content, day=day, placements=placements_on([child], day))[child.pk]
    apart = {one.question: one.value for one in application.sensitive_answers.all()}
    return answered(known, content, application.answers, apart)


def owed_documents(application: Application, today: date) -> list[WantedDocument]:
    """The documents wanted on the day of filing and not handed in yet; none once the application is closed."""
    content, child = application.edition.rules, application.child
    if not content.admission.documents or child is None or application.state not in OPEN:
        return []
    held = {one.purpose for one in application.attachments.all()}
    wanted = wanted_documents(
        content,
        applicant_of(application, child, content, today),
        day=application.taken_in_charge_on or today,
        year=SchoolYear(application.school_year),
    )
    return [one for one in wanted if purpose_of(one) not in held]


@transaction.atomic
def hand_in(*, application: Application, uploads: Mapping[str, Upload], now: datetime) -> int:
    """Keep the files, by the code of the document, of those that the application owes; how many they were.

    Raises DocumentNotOwed when none is, and the errors of `attaching` for a file.
    """
    rows = Application.objects.select_for_update(of=("self",)).select_related("service", "edition", "child")
    locked = rows.get(pk=application.pk)
    owed = {one.document.code: one for one in owed_documents(locked, now.astimezone(ROME).date())}
    given = {code: upload for code, upload in uploads.items() if code in owed}
    if not given:
        raise DocumentNotOwed(_("Scegli almeno uno dei documenti che mancano."))
    for code, upload in given.items():
        replace(application=locked, upload=upload, purpose=purpose_of(owed[code]), now=now)
    return len(given)
