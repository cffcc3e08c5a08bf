"""What kind of file it is, from what its columns hold and what they are called."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from django.utils.translation import gettext_noop

from onboarding.mapping.structs import Kind
from onboarding.recognition.headings import concepts_of, named
from onboarding.recognition.meals import Meals
from onboarding.recognition.profiles import Profile
from onboarding.recognition.ties import Ties

_NAMES: Final[dict[Kind, tuple[str, ...]]] = {
    "roster": (
        "class_year", "section", "class_and_section", "diet", "isee", "balance", "school_code", "child_fiscal_code",
    ),
    "transport": ("route", "stop", "trip", "month", "child_fiscal_code"),
    "taxes": ("tax", "due", "paid", "instalments", "last_payment"),
    "debts": (
        "debtor_fiscal_codes", "debt_id", "payment_id", "status", "items", "iban", "paid_through_node", "debt_type",
        "valid_until",
    ),
    "treasury": ("entry_id", "booked_on", "value_date", "payer_name"),
}  # fmt: skip


class KindFound(NamedTuple):
    """The kind with its reason and how sure it is."""

    kind: Kind
    reason: str
    confidence: float


def find_kind(profiles: Sequence[Profile], ties: Ties, meals: Meals) -> KindFound:
    """The kind for which most speaks."""
    scores: dict[Kind, tuple[float, list[str]]] = {}
    for kind, fields in _NAMES.items():
        names = sum(max((named(kind, field, one.name) for one in profiles), default=0.0) >= 0.75 for field in fields)
        content, told = _content(kind, profiles, ties, meals)
        scores[kind] = (content + 0.35 * names, told)
    best, second = sorted(scores, key=lambda kind: -scores[kind][0])[:2]
    score, told = scores[best]
    if score < 0.9 or (best == "roster" and _lists_payments(profiles)):
        return KindFound("other", gettext_noop("nessun tipo di archivio conosciuto"), 0.5)
    margin = score - scores[second][0]
    return KindFound(best, ", ".join(told) or gettext_noop("dai nomi delle colonne"), min(0.99, 0.6 + 0.3 * margin))


def _lists_payments(profiles: Sequence[Profile]) -> bool:
    """Whether the rows are payments: a day and a way of paying, and nothing of a place at school or a balance."""
    concepts = [concepts_of(profile.name)[0] for profile in profiles]
    said = frozenset().union(*concepts)
    days = any({"date", "paid"} <= one or "payday" in one for one in concepts)
    paying = not said.isdisjoint({"channel", "reason", "payreason", "payamount", "paymentid", "iuv"})
    return days and paying and said.isdisjoint({"class", "section", "balance", "isee", "diet", "school", "meals"})


def _content(kind: Kind, profiles: Sequence[Profile], ties: Ties, meals: Meals) -> tuple[float, list[str]]:
    rules: list[tuple[bool, float, str]] = {
        "roster": _roster,
        "transport": _transport,
        "taxes": _taxes,
        "debts": _debts,
        "treasury": _treasury,
    }[kind](profiles, ties, meals)
    holding = [(weight, told) for holds, weight, told in rules if holds]
    return sum(weight for weight, _ in holding), [told for weight, told in holding if told and weight > 0]


type _Rules = list[tuple[bool, float, str]]


def _any(profiles: Sequence[Profile], tag: str, share: float = 0.7) -> bool:
    return any(profile.share(tag) >= share for profile in profiles if len(profile.filled) >= 3)


def _roster(profiles: Sequence[Profile], ties: Ties, meals: Meals) -> _Rules:
    once = ties.child is not None and ties.child.repeated < 0.3
    classes = any(
        profile.share("class_and_section") >= 0.7 and profile.share("letters", "words") < 0.95 and profile.distinct > 3
        for profile in profiles
    )
    return [
        (ties.child is not None, 0.8, gettext_noop("codici fiscali di bambini")),
        (once, 0.7, gettext_noop("un bambino per riga")),
        (bool(meals.months), 1.0, gettext_noop("pasti mese per mese")),
        (_any(profiles, "mim"), 0.3, gettext_noop("codici di scuole")),
        (classes, 0.4, gettext_noop("classi e sezioni")),
        (_any(profiles, "diet", 0.5), 0.3, ""),
    ]


def _transport(profiles: Sequence[Profile], ties: Ties, meals: Meals) -> _Rules:
    repeated = ties.child is not None and ties.child.repeated >= 0.3
    trip = any(
        profile.share("trip") >= 0.9 and profile.distinct >= 2 and profile.share("sex") < 0.5 for profile in profiles
    )
    return [
        (ties.child is not None, 0.8, gettext_noop("codici fiscali di bambini")),
        (repeated and (trip or _of_months(profiles)), 0.6, gettext_noop("più righe per bambino")),
        (trip, 0.8, gettext_noop("andata e ritorno")),
        (_any(profiles, "month_word", 0.2) and not meals.months, 0.7, gettext_noop("mesi")),
        (_any(profiles, "mim"), 0.1, ""),
    ]


def _of_months(profiles: Sequence[Profile]) -> bool:
    """Whether something tells the months of a child apart: months or days, or amounts."""
    months = ("month_word", "month_number", "iso_month", "money")
    return any(profile.share(*months) >= 0.2 and profile.distinct >= 3 for profile in profiles if profile.filled)


def _taxes(profiles: Sequence[Profile], ties: Ties, _meals: Meals) -> _Rules:
    grown = ties.child is None and bool(ties.codes)
    return [
        (_any(profiles, "tax"), 1.5, gettext_noop("nomi di tributi")),
        (grown, 0.7, gettext_noop("codici fiscali di adulti")),
        (ties.child is not None, -1.0, ""),
        (grown and _any(profiles, "year") and _any(profiles, "money", 0.5), 0.4, gettext_noop("anni e importi")),
    ]


def _debts(profiles: Sequence[Profile], _ties: Ties, _meals: Meals) -> _Rules:
    return [
        (_any(profiles, "status"), 1.5, gettext_noop("stati dei debiti")),
        (_any(profiles, "iban"), 0.6, gettext_noop("IBAN")),
        (_any(profiles, "codes", 0.05), 0.5, gettext_noop("più debitori in una cella")),
        (
            sum(profile.share("iso_time") > 0.7 for profile in profiles if profile.filled) >= 2,
            0.7,
            gettext_noop("scadenze e validità"),
        ),
    ]


def _treasury(profiles: Sequence[Profile], ties: Ties, _meals: Meals) -> _Rules:
    dates = sum(profile.share("date") > 0.8 for profile in profiles if profile.filled)
    return [
        (_any(profiles, "reference", 0.4), 1.2, gettext_noop("causali con i riferimenti dei pagamenti")),
        (not ties.codes and dates >= 2, 0.5, gettext_noop("date contabili e di valuta")),
        (_any(profiles, "status") or bool(ties.codes), -0.8, ""),
    ]
