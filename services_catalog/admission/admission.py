"""The part of an edition on enrolment, whole."""

from collections.abc import Collection, Iterator, Mapping

from services_catalog.admission.ages import AgeBand, AgeRule
from services_catalog.admission.capacity import Capacity
from services_catalog.admission.documents import RequiredDocument
from services_catalog.admission.renewal import Renewal
from services_catalog.admission.standing import CircumstanceRule, ResidenceRule, SchoolRule
from services_catalog.admission.territory import CatchmentRule, DistanceRule
from services_catalog.fees.circumstance import When
from services_catalog.fees.roots import Rule
from sportello.kernel.errors import gettext_noop, told

type WhoRule = AgeRule | ResidenceRule | SchoolRule | CircumstanceRule | DistanceRule | CatchmentRule


class Admission(Rule, frozen=True, kw_only=True):
    """Who may apply (every rule must hold), which documents, whether a place renews, how many there are."""

    rules: tuple[WhoRule, ...] = ()
    documents: tuple[RequiredDocument, ...] = ()
    renewal: Renewal | None = None
    capacity: Capacity | None = None

    def __post_init__(self) -> None:
        _once("admission.rules", [rule.code for rule in self.rules])
        _once("admission.documents", [document.code for document in self.documents])
        _once("admission.rules.bands", [band.code for band in self.bands()])
        if sum(isinstance(rule, AgeRule) for rule in self.rules) > 1:
            raise ValueError(gettext_noop("una sola regola sull'età: le fasce stanno insieme"))
        known = {band.code for band in self.bands()}
        for places in self.capacity.places if self.capacity else ():
            for code in places.bands:
                if code not in known:
                    sentence = gettext_noop("la fascia di età «%(code)s» dei posti non c'è fra le regole")
                    raise ValueError(told(sentence, {"code": code}))

    def bands(self) -> list[AgeBand]:
        """Every age band, in order."""
        return [band for rule in self.rules if isinstance(rule, AgeRule) for band in rule.bands]

    def whens(self) -> Iterator[When]:
        """Every circumstance that a rule or a document reads."""
        for rule in self.rules:
            if isinstance(rule, CircumstanceRule):
                yield from rule.any_of
        yield from (document.when for document in self.documents)

    def conditions(self) -> frozenset[str]:
        """The conditions read by name."""
        named = {rule.condition for rule in self.rules if isinstance(rule, CatchmentRule) and rule.condition}
        return frozenset(named.union(*(when.conditions() for when in self.whens())))

    def reads_isee(self) -> bool:
        """Whether the ISEE decides something here."""
        bounds = ("isee_from", "isee_to", "isee_below", "isee_above")
        return any(getattr(when, bound) is not None for when in self.whens() for bound in bounds)

    def reads_minors(self) -> bool:
        """Whether the number of minors decides something here."""
        return any(when.minors_from is not None or when.minors_to is not None for when in self.whens())

    def lines(self) -> list[str]:
        """The lines for which places are counted, each once."""
        groups = self.capacity.places if self.capacity else ()
        return list(dict.fromkeys(line for places in groups for line in places.lines))

    def check_windows(self, known: Collection[str]) -> None:
        """Refuse a rule that names a window the edition does not have."""
        for rule in self.rules:
            for code in rule.windows:
                if code not in known:
                    sentence = gettext_noop("la regola «%(rule)s» nomina la finestra «%(code)s», che non c'è")
                    raise ValueError(told(sentence, {"rule": rule.code, "code": code}))

    def check_answers(self, choices: Mapping[str, Collection[str]]) -> None:
        """Refuse a document that names an answer nobody can give; ``choices`` are those of each question."""
        for document in self.documents:
            for given in document.answers:
                if given.choice not in choices.get(given.question, ()):
                    sentence = gettext_noop(
                        "il documento «%(document)s» nomina la risposta «%(choice)s» a «%(question)s», che non c'è"
                    )
                    params = {"document": document.code, "choice": given.choice, "question": given.question}
                    raise ValueError(told(sentence, params))


def _once(place: str, codes: list[str]) -> None:
    repeated = sorted({code for code in codes if codes.count(code) > 1})
    if repeated:
        sentence = gettext_noop("in «%(place)s» il codice «%(code)s» compare due volte")
        raise ValueError(told(sentence, {"place": place, "code": repeated[0]}))
