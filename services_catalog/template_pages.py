"""What the pages on a template show, the same for the office of the Comune and for the central team."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services_catalog.lineage import base_of, current_edition, differences
from services_catalog.merging import Merged
from services_catalog.metropolitan import MetropolitanTemplate, latest_templates
from services_catalog.models import (
    Edition,
    OverrideReason,
    ProposalState,
    TemplateLineage,
    TemplateProposal,
)
from services_catalog.point_words import Told, title_of, told
from services_catalog.proposing import preview
from services_catalog.reading import from_builtins
from services_catalog.schema import EditionContent
from services_catalog.template_forms import DeclineForm, ReasonForm


@dataclass(frozen=True, slots=True)
class Overridden:
    """A point in which the Comune differs, in words, with its reason and the form to write one."""

    told: Told
    reason: OverrideReason | None
    form: ReasonForm


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal still open: what accepting brings, and what stays one's own though the template changed it too."""

    proposal: TemplateProposal
    taken: list[Told]
    conflicts: list[Told]
    form: DeclineForm


@dataclass(frozen=True, slots=True)
class DecidedProposal:
    """A proposal already decided, with the points that were left to settle."""

    proposal: TemplateProposal
    conflicts: list[str]


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A service against its template."""

    lineage: TemplateLineage
    edition: Edition | None
    latest: int
    overridden: list[Overridden]
    proposal: ProposalView | None
    decided: list[DecidedProposal]

    @property
    def is_behind(self) -> bool:
        """Whether a newer version exists."""
        return self.latest > self.lineage.version

    @property
    def decisions(self) -> list[Overridden]:
        """The differences in what is decided: fees, questions, dates."""
        return [one for one in self.overridden if not one.told.place.startswith("sheet.")]

    @property
    def texts(self) -> list[Overridden]:
        """The differences in the words of the sheet."""
        return [one for one in self.overridden if one.told.place.startswith("sheet.")]

    @property
    def unexplained(self) -> int:
        """The differences nobody gave a reason for."""
        return sum(one.reason is None for one in self.overridden)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a service stands to its template in a word: tone and words of the chip."""

    tone: str
    words: str | Promise


def template_view(
    lineage: TemplateLineage, *, reason_form: ReasonForm | None = None, decline_form: DeclineForm | None = None
) -> TemplateView:
    """What the page of a service shows; a form that was refused takes the place of its fresh one."""
    edition = current_edition(lineage.service)
    latest = latest_templates().get(lineage.service.code)
    proposals = list(lineage.proposals.select_related("draft", "lineage__service"))
    open_one = next((one for one in proposals if one.state == ProposalState.PROPOSED), None)
    return TemplateView(
        lineage=lineage,
        edition=edition,
        latest=latest.version if latest else lineage.version,
        overridden=_overridden(lineage, edition, reason_form),
        proposal=_proposal(open_one, edition.rules, decline_form) if open_one and edition else None,
        decided=[
            DecidedProposal(one, [title_of(place) for place in one.conflicts])
            for one in proposals
            if one.state != ProposalState.PROPOSED
        ],
    )


def not_begun(codes: set[str]) -> list[MetropolitanTemplate]:
    """The templates of which the Comune has no service."""
    return [template for code, template in latest_templates().items() if code not in codes]


def standing_of(*, count: int, to_confirm: bool, is_behind: bool) -> Standing:
    """The word for a service: what most needs somebody first."""
    if is_behind:
        return Standing("attention", _("versione precedente"))
    if to_confirm:
        return Standing("neutral", _("tariffe da confermare"))
    return Standing("info", _("adattato")) if count else Standing("success", _("come il modello"))


def _overridden(lineage: TemplateLineage, edition: Edition | None, refused: ReasonForm | None) -> list[Overridden]:
    if edition is None:
        return []
    base, rows = base_of(lineage), []
    for number, one in enumerate(differences(lineage)):
        place = one.point.place
        held = {"place": place, "reason": one.reason.reason if one.reason else ""}
        form = ReasonForm(initial=held, auto_id=f"motivo-{number}-%s")
        if refused is not None and refused.data.get("place") == place:
            form = refused
        rows.append(Overridden(told(one.point, base, edition.rules), one.reason, form))
    return rows


def _proposal(proposal: TemplateProposal, own: EditionContent, refused: DeclineForm | None) -> ProposalView:
    merged: Merged = preview(proposal)
    base, theirs = base_of(proposal.lineage), from_builtins(proposal.content, EditionContent)
    return ProposalView(
        proposal,
        [told(point, base, theirs) for point in merged.taken],
        [told(point, own, theirs) for point in merged.conflicts],
        refused or DeclineForm(auto_id="rifiuto-%s"),
    )
