"""An application being written, with all that its steps look at."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import get_language

from services_catalog.schema import EditionContent, Question, Text
from sportello.accounts.models import Account
from sportello.applications.admissibility.documents import WantedDocument, wanted_documents
from sportello.applications.admissibility.facts import Applicant, Verdict
from sportello.applications.admissibility.may_apply import may_apply
from sportello.applications.admissibility.places import PlacesLeft, full_for, seat_of
from sportello.applications.admissibility.reading import answered, known_applicants
from sportello.applications.enrolled import users_among
from sportello.applications.estimating import Estimate, estimate, sibling_place
from sportello.applications.models import Application, Attachment
from sportello.applications.occupied import places_taken
from sportello.applications.queries import open_applications
from sportello.families.models import Act, Adult, Child, Pupil
from sportello.families.queries import adult_of, children_for, children_of, placements_on
from sportello.fees.models import RecognisedCondition
from sportello.fees.rules import Facts
from sportello.kernel.errors import DomainError
from sportello.kernel.school_year import SchoolYear
from sportello.means.models import IseeAttestation
from sportello.means.queries import isee_of_many
from tenants.current import current_municipality


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A line of the summary: what was asked and what she answered."""

    label: str
    value: str


@dataclass
class Draft:
    """A draft (perhaps not yet saved: `application.pk` is None) seen by its author on a day."""

    application: Application
    content: EditionContent
    account: Account
    today: date
    preferred: str = ""
    """The public id of the child from whose card she came."""

    def say(self, text: Text | None) -> str:
        """A text of the edition in the language of the page; empty for None."""
        return "" if text is None else text.within(get_language() or "it")

    @cached_property
    def adult(self) -> Adult | None:
        """The applicant as the families know her."""
        return adult_of(self.account)

    @cached_property
    def children(self) -> list[Child]:
        """The children for whom she may apply, her own or by delegation."""
        return list(children_for(self.account, Act.APPLY, self.today))

    @cached_property
    def own_children(self) -> set[int]:
        """The ids of those of whom she is guardian."""
        return set(children_of(self.account, self.today).values_list("pk", flat=True))

    @property
    def by_delegation(self) -> bool:
        """Whether she applies for a child that is not hers: then neither the known ISEE nor the price is shown."""
        return self.application.child_id is not None and self.application.child_id not in self.own_children

    @cached_property
    def placements(self) -> dict[int, Pupil]:
        """Where each child sits in the school year applied for (today, or from its first day if it is to come)."""
        return placements_on(self.children, self.service_day)

    @property
    def service_day(self) -> date:
        """The day whose facts matter: today, or the first of the school year when that is to come."""
        period = SchoolYear(self.application.school_year).period
        return max(self.today, period.start)

    @cached_property
    def already_open(self) -> dict[int, Application]:
        """For each child the application already open or accepted."""
        return open_applications(
            self.children, service_id=self.application.service_id, school_year=self.application.school_year
        )

    @cached_property
    def already_using(self) -> set[int]:
        """The ids of the children who already use the service in that school year."""
        return users_among([child.pk for child in self.children], self.application.service_id, self.service_day)

    @cached_property
    def child(self) -> Child | None:
        """The child chosen, if still hers to choose."""
        return next((child for child in self.children if child.pk == self.application.child_id), None)

    @property
    def preferred_child(self) -> Child | None:
        """The child from whose card she came, if hers."""
        return next((child for child in self.children if str(child.public_id) == self.preferred), None)

    @property
    def placement(self) -> Pupil | None:
        """Where the chosen child sits."""
        return None if self.application.child_id is None else self.placements.get(self.application.child_id)

    @cached_property
    def known_isee(self) -> IseeAttestation | None:
        """The ISEE already known: the child's own, or else a sibling's of the same guardian and household."""
        if self.child is None:
            return None
        held = isee_of_many(self.children, self.today)
        own = held.get(self.child.pk)
        if own is not None or self.child.household_id is None:
            return own
        # A child of hers and one delegated to her may share a household: neither's ISEE serves the other.
        family = [
            child
            for child in self.children
            if child.household_id == self.child.household_id
            and (child.pk not in self.own_children) == self.by_delegation
        ]
        return next((held[child.pk] for child in family if child.pk in held), None)

    @cached_property
    def sensitive(self) -> dict[str, Any]:
        """Answers about health or religion, kept apart."""
        if not self.application.pk:
            return {}
        return {answer.question: answer.value for answer in self.application.sensitive_answers.all()}

    @cached_property
    def attachments(self) -> dict[str, Attachment]:
        """Files handed in, by the question they answer."""
        if not self.application.pk:
            return {}
        return {attachment.purpose: attachment for attachment in self.application.attachments.all()}

    def values(self, slug: str) -> dict[str, Any]:
        """What was last typed in a step, valid or not."""
        held: dict[str, Any] = self.application.answers.get(slug, {}).get("values", {})
        return held | self.sensitive

    def is_complete(self, slug: str) -> bool:
        """Whether the step was left in order."""
        return bool(self.application.answers.get(slug, {}).get("complete"))

    def questions(self, *readers: str) -> list[Question]:
        """The questions of the edition that one of the readers needs."""
        return [question for question in self.content.questions if question.read_by in readers]

    @property
    def level(self) -> str:
        """The school level the price depends on: the stated school's, or the one where the child sits."""
        stated = self.application.answers.get("scuola", {}).get("level", "")
        if stated:
            return str(stated)
        return self.placement.section.school.level if self.placement else ""

    def facts(self, isee_cents: int | None, conditions: frozenset[str] = frozenset()) -> Facts | None:
        """What the price depends on; None while child or school are unknown."""
        if self.child is None or not self.level:
            return None
        recognised = RecognisedCondition.objects.filter(child=self.child, valid_during__contains=self.service_day)
        rank, children = sibling_place(
            self.child, edition=self.application.edition, content=self.content, today=self.today
        )
        return Facts(
            level=self.level,
            isee_cents=isee_cents,
            sibling_rank=rank,
            children_using=children,
            conditions=conditions | frozenset(recognised.values_list("condition", flat=True)),
            resident=self.child.residence_code in {"", current_municipality().belfiore_code},
        )

    def stated_isee_cents(self) -> int | None:
        """The ISEE that the answers lead to: the known one, the one declared, or none."""
        step = self.application.answers.get("isee", {})
        if "cents" in step and step.get("complete"):
            return None if step["cents"] is None else int(step["cents"])
        return self.known_isee.amount_cents if self.known_isee and not step.get("complete") else None

    def stated_conditions(self) -> frozenset[str]:
        """The conditions she says hold."""
        held = self.application.answers.get("isee", {}).get("conditions", [])
        return frozenset(str(code) for code in held)

    @cached_property
    def applicants(self) -> dict[int, Applicant]:
        """What the Comune knows of each of the children that the rules of enrolment read, by the child's id.

        Neither the ISEE nor the conditions of a family are judged before a delegate: the office looks.
        """
        known = known_applicants(self.children, content=self.content, day=self.service_day, placements=self.placements)
        own = self.own_children
        return {pk: one if pk in own else replace(one, isee_cents=None, conditions={}) for pk, one in known.items()}

    @property
    def year(self) -> SchoolYear:
        """The school year applied for."""
        return SchoolYear(self.application.school_year)

    def verdict_on(self, child: Child) -> Verdict:
        """Whether a child may apply, as far as the Comune knows it, before anything is asked."""
        return may_apply(self.content, self.applicants[child.pk], day=self.today, year=self.year)

    def applicant(self, **typed: Any) -> Applicant | None:
        """The child chosen with all that was answered, and what is being ``typed`` now; None while none is chosen."""
        if self.child is None:
            return None
        known = answered(self.applicants[self.child.pk], self.content, self.application.answers, self.sensitive | typed)
        return replace(known, isee_cents=None if self.by_delegation else self.stated_isee_cents())

    def verdict(self, **typed: Any) -> Verdict | None:
        """Whether the child chosen may apply, with the answers so far; None while none is chosen."""
        applicant = self.applicant(**typed)
        return None if applicant is None else may_apply(self.content, applicant, day=self.today, year=self.year)

    def wanted_documents(self) -> list[WantedDocument]:
        """The documents that the answers so far want."""
        applicant = self.applicant()
        if applicant is None:
            return []
        return wanted_documents(self.content, applicant, day=self.today, year=self.year)

    def full_places(self) -> list[PlacesLeft]:
        """The places that the child would take and of which none is left."""
        applicant, verdict = self.applicant(), self.verdict()
        if applicant is None or verdict is None or self.content.admission.capacity is None:
            return []
        taken = places_taken(self.application.edition, self.content, self.service_day)
        return full_for(self.content.admission.capacity, seat_of(applicant, verdict.band), taken)

    def estimated(self) -> Estimate | None:
        """The price as the answers stand, None while it cannot be told."""
        facts = self.facts(self.stated_isee_cents(), self.stated_conditions())
        if facts is None:
            return None
        try:
            return estimate(self.application.edition, facts)
        except DomainError:
            # The table has no row for these facts: the office will tell, and the summary says so.
            return None
