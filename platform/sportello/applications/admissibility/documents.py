"""Which documents an application wants, from whom and by when."""

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from services_catalog.admission.documents import RequiredDocument
from services_catalog.schema import EditionContent
from sportello.applications.admissibility.ages import of_that_age
from sportello.applications.admissibility.facts import Applicant
from sportello.applications.admissibility.three_valued import Known, all_of, any_of, holds
from sportello.kernel.school_year import SchoolYear


@dataclass(frozen=True, slots=True)
class WantedDocument:
    """A document wanted of this child, the last day on which it may be handed in (None: with the application)."""

    document: RequiredDocument
    by: date | None

    @property
    def blocks(self) -> bool:
        """Whether the application may not be sent without it."""
        return self.document.due == "with_application"


def wanted_documents(
    content: EditionContent, applicant: Applicant, *, day: date, year: SchoolYear
) -> list[WantedDocument]:
    """The documents wanted of the child, applying on the day. What is not known wants none: nobody is stopped by it."""
    return [
        WantedDocument(document, _by(document, day))
        for document in content.admission.documents
        if _concerns(document, applicant, day, year)
    ]


def missing(wanted: Collection[WantedDocument], handed_in: Collection[str]) -> list[WantedDocument]:
    """Those not yet handed in; ``handed_in`` are the codes of those that were."""
    return [one for one in wanted if one.document.code not in handed_in]


def expires_on(document: RequiredDocument, handed_in: date) -> date | None:
    """The first day on which a document handed in on that day does not hold any more; None when it never ends."""
    if document.valid_months is None:
        return None
    years, month = divmod(handed_in.month - 1 + document.valid_months, 12)
    year = handed_in.year + years
    return date(year, month + 1, min(handed_in.day, monthrange(year, month + 1)[1]))


def _by(document: RequiredDocument, day: date) -> date | None:
    return day + timedelta(days=document.within_days) if document.within_days is not None else document.by


def _concerns(document: RequiredDocument, applicant: Applicant, day: date, year: SchoolYear) -> Known:
    return all_of((
        holds(document.when, applicant),
        any_of(applicant.answers.get(one.question) == one.choice for one in document.answers)
        if document.answers
        else True,
        of_that_age(document.age, applicant.birth_date, year, day) if document.age else True,
    ))  # fmt: skip
