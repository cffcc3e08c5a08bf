"""The typed language of what a Comune decides about a service in a school year: the content of an edition.

Closed and data only: a key the language does not know is an error (told with its place and its nearest neighbour by
:mod:`services_catalog.reading`), and what it cannot say is a change to the language, for every Comune.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

from services_catalog.admission.admission import Admission
from services_catalog.admission.renewal import FirstUse
from services_catalog.examples import Example
from services_catalog.fee_table import Code, FeeTable, Level, Rule
from services_catalog.naming_conditions import check_declared
from services_catalog.texts import SchoolCode as SchoolCode  # noqa: PLC0414 -- words of this language for whoever reads it
from services_catalog.texts import Text as Text  # noqa: PLC0414 -- as above
from sportello.kernel.errors import gettext_noop, told

type Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
type Archetype = Literal["meals", "transport", "place", "walking", "grant"]

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Audience(Rule, frozen=True, kw_only=True):
    """Who may apply."""

    levels: Annotated[tuple[Level, ...], msgspec.Meta(min_length=1)]
    residents: Literal["everyone", "residents_only", "residents_first"] = "everyone"
    schools: tuple[SchoolCode, ...] = ()
    """The schools served, by MIM code; none named means every school of the levels in the Comune."""


class Window(Rule, frozen=True, kw_only=True):
    """A span of days in which applications are taken; both days included. A late one says so."""

    code: Code
    label: Text
    opens: date
    closes: date
    late: bool = False
    first_use: FirstUse | None = None

    def __post_init__(self) -> None:
        if self.closes < self.opens:
            raise ValueError(gettext_noop("«closes» viene prima di «opens»"))


class Question(Rule, frozen=True, kw_only=True):
    """Something asked in the application; ``read_by`` names the rule or use that needs the answer.

    ``admission.rule`` is the distance or the catchment area whose code ``rule`` says, ``admission.condition`` a
    circumstance or a document that reads the ``condition``, ``capacity.line`` the places of a line.
    """

    code: Code
    label: Text
    kind: Literal["choice", "yes_no", "text", "isee", "school", "metres", "area"]
    read_by: Literal[
        "canteen.diet",
        "families.school",
        "fees.isee",
        "fees.condition",
        "canteen.notes",
        "admission.rule",
        "admission.condition",
        "capacity.line",
    ]
    required: bool = True
    help: Text | None = None
    choices: tuple["Choice", ...] = ()
    condition: Code | None = None
    rule: Code | None = None

    def __post_init__(self) -> None:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError(gettext_noop("una domanda a scelta vuole «choices», le altre no"))
        if (self.read_by in {"fees.condition", "admission.condition"}) != (self.condition is not None):
            raise ValueError(
                gettext_noop("una domanda letta da «fees.condition» nomina la sua «condition», le altre no")
            )
        if (self.read_by == "admission.rule") != (self.rule is not None):
            raise ValueError(gettext_noop("una domanda letta da «admission.rule» nomina la sua «rule», le altre no"))
        if (self.kind in {"metres", "area"}) != (self.rule is not None):
            raise ValueError(gettext_noop("metri e zona li chiede una domanda letta da «admission.rule»"))


class Choice(Rule, frozen=True, kw_only=True):
    """One of the answers offered; ``evidence`` is the document it asks for, if any."""

    code: Code
    label: Text
    evidence: Text | None = None


class Condition(Rule, frozen=True, kw_only=True):
    """A circumstance of the child or the family that a fee reads by name, and who vouches for it."""

    code: Code
    label: Text
    evidence: Literal["certified_by_office", "certificate", "self_declared"] = "certified_by_office"


class LevelSpan(Rule, frozen=True, kw_only=True):
    """First and last day of the service at a school level, both included."""

    level: Level
    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError(gettext_noop("«last_day» viene prima di «first_day»"))


class ClosedDays(Rule, frozen=True, kw_only=True):
    """Days without service for everybody, both included."""

    first_day: date
    last_day: date
    reason: Text

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError(gettext_noop("«last_day» viene prima di «first_day»"))


class SchoolDays(Rule, frozen=True, kw_only=True):
    """Where one school departs from the calendar of its level."""

    school: SchoolCode
    first_day: date | None = None
    last_day: date | None = None
    weekdays: tuple[Weekday, ...] = ()


class ServiceCalendar(Rule, frozen=True, kw_only=True):
    """On which days the service runs: spans by level, weekdays, closed days, the exceptions of single schools."""

    spans: Annotated[tuple[LevelSpan, ...], msgspec.Meta(min_length=1)]
    weekdays: Annotated[tuple[Weekday, ...], msgspec.Meta(min_length=1)] = ("mon", "tue", "wed", "thu", "fri")
    closed: tuple[ClosedDays, ...] = ()
    schools: tuple[SchoolDays, ...] = ()
    patron_day_closed: bool = True
    assumption: str = ""


class Procedure(Rule, frozen=True, kw_only=True):
    """The facts of the administrative procedure (L. 241/1990): who answers, by when, where to ask."""

    office: str
    case_officer: str = ""
    answer_days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 30
    email: str = ""
    certified_email: str = ""
    phone: str = ""
    address: str = ""
    opening_hours: str = ""


class Sheet(Rule, frozen=True, kw_only=True):
    """The service sheet in one language: a text for each mandated heading, paragraphs parted by an empty line."""

    title: str
    description: str
    audience: str
    how_to: str
    needed: tuple[str, ...]
    outcome: str
    timing: str
    conditions: str
    costs: str = ""


class Sheets(Rule, frozen=True, kw_only=True):
    """The sheet in Italian, and in English where somebody wrote it."""

    it: Sheet
    en: Sheet | None = None

    def within(self, language: str) -> Sheet:
        """The sheet in a language, Italian where it is missing."""
        return self.en or self.it if language.startswith("en") else self.it


class EditionContent(Rule, frozen=True, kw_only=True):
    """Everything an edition decides. The JSON of the database, the TOML of a pack and the editor all hold this."""

    format: Literal["edition/1"]
    audience: Audience
    windows: tuple[Window, ...] = ()
    questions: tuple[Question, ...] = ()
    conditions: tuple[Condition, ...] = ()
    fees: FeeTable
    calendar: ServiceCalendar
    procedure: Procedure
    sheet: Sheets
    assumptions: tuple[str, ...] = ()
    examples: Annotated[tuple[Example, ...], msgspec.Meta(max_length=200)] = ()
    admission: Admission = Admission()

    def __post_init__(self) -> None:
        _check_unique("windows", [window.code for window in self.windows])
        _check_unique("questions", [question.code for question in self.questions])
        declared = [condition.code for condition in self.conditions]
        _check_unique("conditions", declared)
        asked = {question.condition for question in self.questions if question.condition}
        asked |= {code for example in self.examples for code in example.conditions}
        read = self.fees.conditions() | self.admission.conditions()
        check_declared(self, read | asked, declared)
        served = {span.level for span in self.calendar.spans}
        for level in self.audience.levels:
            if level not in served:
                sentence = gettext_noop("il calendario non dice quando comincia e finisce il servizio per «%(level)s»")
                raise ValueError(told(sentence, {"level": level}))
        self.admission.check_windows({window.code for window in self.windows})
        self.admission.check_answers({one.code: {choice.code for choice in one.choices} for one in self.questions})

    def window_on(self, day: date) -> Window | None:
        """The window that takes applications on that day, the ordinary one before a late one."""
        held = [window for window in self.windows if window.opens <= day <= window.closes]
        return min(held, key=lambda window: window.late, default=None)

    def next_window(self, day: date) -> Window | None:
        """The first window that opens after that day."""
        return min((window for window in self.windows if window.opens > day), key=lambda w: w.opens, default=None)


def _check_unique(place: str, codes: list[str]) -> None:
    repeated = sorted({code for code in codes if codes.count(code) > 1})
    if repeated:
        sentence = gettext_noop("in «%(place)s» il codice «%(code)s» compare due volte")
        raise ValueError(told(sentence, {"place": place, "code": repeated[0]}))


class ServiceHead(Rule, frozen=True, kw_only=True):
    """The service a pack file speaks of."""

    code: Code
    name: Text
    archetype: Archetype


class EditionHead(Rule, frozen=True, kw_only=True):
    """The act that decided the edition, and from when it holds (the whole school year unless said).

    ``template`` is the version of the metropolitan template it started from.
    """

    school_year: Annotated[str, msgspec.Meta(pattern=r"^\d{4}/\d{2}$")]
    template: Annotated[int, msgspec.Meta(ge=1)] | None = None
    valid_from: date | None = None
    act_number: str = ""
    act_date: date | None = None
    act_url: str = ""
    approved_by: str = ""


class PackService(Rule, frozen=True, kw_only=True):
    """A file ``<year>/<service>.toml`` of a pack: service, act and content."""

    service: ServiceHead
    edition: EditionHead
    content: EditionContent


class PackClosure(Rule, frozen=True, kw_only=True):
    """Days on which the schools of the Comune are closed, or one of them is."""

    kind: Literal["closure", "strike", "trip", "polling_station", "ordinance", "patron", "holiday"]
    first_day: date
    last_day: date
    reason: str
    school: SchoolCode | None = None
    service: Code | None = None


class PackCalendar(Rule, frozen=True, kw_only=True):
    """The file ``<year>/calendario.toml`` of a pack: the closed days of the schools."""

    school_year: Annotated[str, msgspec.Meta(pattern=r"^\d{4}/\d{2}$")]
    closures: tuple[PackClosure, ...] = ()
    assumption: str = ""
