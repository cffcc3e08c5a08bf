"""Evidence for fields about where: addresses, contacts, schools, classes, buses, numbers of the old back office."""

from collections import Counter
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext_noop

from onboarding.mapping import phrases
from onboarding.recognition.evidence import IMPOSSIBLE, OPEN, Evidence, Judge, Table
from onboarding.recognition.people import given_names_in
from onboarding.recognition.profiles import Profile
from onboarding.recognition.schools import is_by_likeness
from onboarding.recognition.tags import TRIPS, tags_of, word

_BEARING: Final = ("date", "code_shape", "email", "mim", "iban")
_LISTED: Final = gettext_noop("sono nomi di scuole dell'elenco ministeriale")
_LISTED_BY_LIKENESS: Final = gettext_noop("sono nomi di scuole dell'elenco ministeriale, alcuni per somiglianza")
_DIFFERENT: Final = gettext_noop("un numero diverso per ogni riga")
_DIFFERENT_WITH_ZEROS: Final = gettext_noop("un numero diverso per ogni riga, con zeri davanti")


def street(profile: Profile, table: Table) -> Evidence:
    """Begins as streets do."""
    share = profile.share("street")
    if share < 0.5 or _few(profile, 3):
        return IMPOSSIBLE
    score = 0.9 if profile.share("ends_in_house") < 0.5 else 0.55
    if table.kind == "transport" and profile.distinct <= 0.05 * len(profile.filled):
        score = 0.4
    return Evidence(score, profile.told_share(share, gettext_noop("cominciano come un indirizzo")))


def address(profile: Profile, table: Table) -> Evidence:
    """A street with its number in one cell."""
    share = profile.share("street")
    if share < 0.5 or _few(profile, 3):
        return IMPOSSIBLE
    score = 0.95 if profile.share("ends_in_house") >= 0.5 else 0.55
    if table.kind == "transport" and profile.distinct <= 0.05 * len(profile.filled):
        score = 0.4
    return Evidence(score, profile.told_share(share, gettext_noop("sono indirizzi, per lo più col civico")))


def _few(profile: Profile, count: int) -> bool:
    return profile.distinct < count and len(profile.filled) > 20


def house_number(profile: Profile, _table: Table) -> Evidence:
    """Numbers up to four digits, some with a letter behind."""
    share = profile.share("house")
    if share < 0.85:
        return IMPOSSIBLE
    letters = sum(any(char.isalpha() or char == "/" for char in cell) for cell in profile.filled) / len(profile.filled)
    if letters >= 0.02 and profile.share("class_and_section") < 0.5 and profile.distinct > 20:
        return Evidence(0.9, profile.told_share(share, gettext_noop("sono numeri civici, alcuni con lettera o barra")))
    if profile.share("digits") == 1 and profile.distinct > 12 and not counts_up(profile):
        return Evidence(0.4, gettext_noop("numeri brevi"))
    return Evidence(0.15)


def postal_code(profile: Profile, _table: Table) -> Evidence:
    """Five digits that begin as those of Apulia, few different ones."""
    near, far = profile.share("cap"), profile.share("cap_far")
    if near + far < 0.85 or profile.distinct > 0.3 * len(profile.filled) + 5:
        return IMPOSSIBLE
    if near >= 0.8:
        return Evidence(0.95, profile.told_share(near, gettext_noop("sono CAP della Puglia")))
    return Evidence(0.35, gettext_noop("numeri di cinque cifre"))


def residence(profile: Profile, table: Table) -> Evidence:
    """Places, mostly one and the same, that are not where the children were born."""
    share = profile.share("place", "belfiore")
    if share < 0.7 or (profile.share("province") >= 0.9 and profile.length[0] == 2):
        return IMPOSSIBLE
    usual = Counter(profile.filled).most_common(1)[0]
    tie = table.ties.of(profile.at, table.ties.child)
    if tie.place >= 0.97:
        return Evidence(0.25)
    town = table.facts.towns.get(table.facts.municipality, "")
    if usual[1] >= 0.8 * len(profile.filled):
        return Evidence(
            0.85 if not town or word(usual[0]) == word(town) else 0.7, gettext_noop("quasi sempre lo stesso Comune")
        )
    return Evidence(0.5 if table.ties.child is not None else 0.3, gettext_noop("sono luoghi, e non quelli di nascita"))


def school(profile: Profile, table: Table) -> Evidence:
    """Codes of the Ministry, or names that the list of schools knows."""
    codes = profile.share("mim")
    if codes >= 0.6:
        known = sum(cell.upper() in table.facts.schools for cell in profile.filled) / len(profile.filled)
        told = profile.told_share(codes, gettext_noop("hanno la forma di un codice meccanografico"))
        return Evidence(1.0, told, proved=known >= 0.5)
    names = table.school_names.get(profile.at)
    if names:
        share = sum(cell in names for cell in profile.filled) / len(profile.filled)
        if share >= 0.5:
            if any(is_by_likeness(text, table.facts.schools[code].name) for text, code in names.items()):
                return Evidence(0.79, profile.told_share(share, _LISTED_BY_LIKENESS))
            return Evidence(0.7 + 0.3 * share, profile.told_share(share, _LISTED), proved=share >= 0.9)
    words = sum(any(hint in cell.upper() for hint in _SCHOOL_WORDS) for cell in profile.filled)
    if profile.filled and words >= 0.4 * len(profile.filled):
        return Evidence(0.6, gettext_noop("parlano di scuole, ma l'elenco non le riconosce"))
    return Evidence(0.2) if profile.share("letters") > 0.5 and profile.distinct <= 80 else IMPOSSIBLE


_SCHOOL_WORDS: Final = ("SCUOLA", "PRIMARIA", "INFANZIA", "I.C.", "PLESSO", "S.M.S", "C.D.", "ISTITUTO", "CIRCOLO")


def class_year(profile: Profile, _table: Table) -> Evidence:
    """1 to 5, as digits, Roman numbers or words."""
    share = profile.share("class")
    values = {cell for cell in profile.filled if "class" in tags_of(cell)}
    if share < 0.85 or profile.distinct > 25 or not values:
        return IMPOSSIBLE
    single = profile.share("digits")
    if len(values) == 1:
        return Evidence(0.2)
    if single >= 0.9 and not {"1", "2", "3"} <= {cell.lstrip("0") for cell in values}:
        return Evidence(0.3)
    return Evidence(0.85, profile.told_share(share, gettext_noop("sono classi dalla prima alla quinta")))


def section(profile: Profile, _table: Table) -> Evidence:
    """One letter, from A on."""
    letters = Counter(cell.upper().removeprefix("SEZ.").removeprefix("SEZ").strip() for cell in profile.filled)
    single = sum(times for cell, times in letters.items() if len(cell) == 1 and cell.isalpha())
    if not profile.filled or profile.distinct > 60 or single < 0.8 * len(profile.filled):
        return IMPOSSIBLE
    kept = {cell for cell in letters if len(cell) == 1}
    if kept <= {"M", "F"} or kept <= {"S", "N"} or kept <= {"S", "N", "X", "Y"} or kept <= {"A", "R"}:
        return Evidence(0.15)
    early = sum(letters[cell] for cell in "ABCDEFGH")
    return Evidence(
        0.9 if "A" in kept and early >= 0.7 * single else 0.4,
        profile.told(single, gettext_noop("sono una sola lettera")),
    )


def class_and_section(profile: Profile, _table: Table) -> Evidence:
    """ "1^A", "III B", "Seconda C"."""
    share = profile.share("class_and_section")
    alone = profile.share("class")
    if share < 0.7 or (alone >= 0.9 and profile.share("digits") > 0.1):
        return IMPOSSIBLE
    if profile.distinct <= 2 or (profile.length[0] <= 2 and alone > 0.6):
        return Evidence(0.2)
    with_number = sum(cell[0].isdigit() for cell in profile.filled if cell) / len(profile.filled)
    score = 0.95 if with_number > 0.15 or profile.share("words") > 0.15 else 0.5
    return Evidence(score, profile.told_share(share, gettext_noop("sono classe e sezione insieme")))


def phone(profile: Profile, _table: Table) -> Evidence:
    """Numbers that begin with 3 or with the 080 of the district, of nine digits and more."""
    share = profile.share("phone", "scientific")
    if (
        share < 0.6
        or profile.share("compact_dmy", "compact_ymd") > 0.5
        or (profile.share("digits", "scientific") < 0.2 and profile.share("money") > 0.2)
    ):
        return IMPOSSIBLE
    if profile.length[0] < 9 or profile.share("eleven") > 0.8:
        return Evidence(0.2)
    return Evidence(0.95, profile.told_share(share, gettext_noop("sono numeri di telefono")))


def email(profile: Profile, _table: Table) -> Evidence:
    """Has the sign of mail."""
    share = profile.share("email")
    return (
        Evidence(1.0, profile.told_share(share, gettext_noop("sono indirizzi di posta elettronica")), proved=True)
        if share >= 0.5
        else IMPOSSIBLE
    )


def counts_up(profile: Profile) -> bool:
    """Whether numbers grow along the file, as those that are given out one after the other."""
    known = [number for number in profile.numbers if number is not None]
    steps = [after - before for before, after in pairwise(known)]
    return len(steps) > 5 and sum(step >= 0 for step in steps) >= 0.9 * len(steps) and known[-1] > known[0]


def legacy_id(profile: Profile, table: Table) -> Evidence:
    """Numbers or short marks, one for each child: different in each row, or together with the child's code."""
    if not profile.filled or profile.share(*_BEARING) > 0.1 or profile.share("letters", "words") > 0.3:
        return IMPOSSIBLE
    if profile.share("money", "comma") > 0.05 or profile.fill < 0.8 or profile.share("scientific") > 0.05:
        return IMPOSSIBLE
    if profile.share("phone") > 0.5 and profile.length[0] >= 9:
        return Evidence(0.15)
    unique = profile.distinct / len(profile.filled)
    padded = sum(cell.startswith("0") and len(cell) > 1 for cell in profile.filled) / len(profile.filled)
    if unique >= 0.9:
        return _all_different(profile, padded, table)
    if _goes_with_child(profile, table):
        return Evidence(0.85, gettext_noop("lo stesso numero per lo stesso bambino"))
    return Evidence(0.2)


def _another_counts(profile: Profile, table: Table) -> bool:
    """Whether another column gives each row its number, filled with zeros."""
    return any(
        other is not profile and other.length[0] > 1 and other.filled[0].startswith("0") and counts_rows(other)
        for other in table.profiles
        if other.filled
    )


def _all_different(profile: Profile, padded: float, table: Table) -> Evidence:
    if not counts_up(profile) and not profile.speaks and _another_counts(profile, table):
        return Evidence(0.2)
    if counts_rows(profile) and padded < 0.05:
        return Evidence(0.5, gettext_noop("numeri progressivi, uno per riga"))
    told = _DIFFERENT_WITH_ZEROS if padded > 0.2 else _DIFFERENT
    return Evidence(0.85 if padded > 0.2 or profile.length[1] >= 0.6 else 0.6, told)


def counts_rows(profile: Profile) -> bool:
    """Whether the numbers grow by one from row to row."""
    known = [(at, number) for at, number in enumerate(profile.numbers) if number is not None]
    if len(known) < 0.8 * len(profile.cells) or len(known) < 4 or profile.share("digits") < 0.9:
        return False
    first, last = known[0], known[-1]
    if last[0] == first[0]:
        return False
    step = (last[1] - first[1]) / (last[0] - first[0])
    near = sum(
        abs(first[1] + step * (at - first[0]) - number) <= max(2.0, 0.02 * len(known)) * max(step, 1)
        for at, number in known
    )
    return step >= 0.95 and near >= 0.95 * len(known)


def _goes_with_child(profile: Profile, table: Table) -> bool:
    code = table.ties.child
    if code is None:
        return False
    children = table.profiles[code.at].cells
    seen: dict[str, set[str]] = {}
    for cell, child in zip(profile.cells, children, strict=True):
        if cell and child:
            seen.setdefault(cell, set()).add(child)
    enough = len(seen) >= 0.8 * table.profiles[code.at].distinct * 0.8
    alone = sum(len(found) <= 2 for found in seen.values())
    return bool(seen) and enough and alone >= 0.9 * len(seen) and len(seen) > 5


def line_number(profile: Profile, table: Table) -> Evidence:
    """Counts the rows."""
    if not counts_rows(profile):
        return IMPOSSIBLE
    first = next(number for number in profile.numbers if number is not None)
    padded = table.kind in {"roster", "transport"} and any(cell.startswith("0") for cell in profile.filled)
    return Evidence(0.55 if padded else 0.8 if first <= 2 else 0.6, gettext_noop("numeri che contano le righe"))


def route(profile: Profile, _table: Table) -> Evidence:
    """A few short marks of lines."""
    share = profile.share("route")
    if not profile.filled or profile.distinct > 60 or profile.share("date", "code", "money") > 0.1:
        return IMPOSSIBLE
    letters = {cell.upper() for cell in profile.filled}
    if share >= 0.8 and profile.distinct >= 2 and not letters <= set(TRIPS_UP):
        return Evidence(0.85, profile.told_share(share, gettext_noop("sono nomi di linee")))
    return Evidence(0.25)


TRIPS_UP: Final = frozenset(key.upper() for key in TRIPS)


def stop(profile: Profile, table: Table) -> Evidence:
    """Texts that repeat, as many children wait at one place."""
    if not profile.filled or profile.share(*_BEARING) > 0.1 or profile.share("digits") > 0.3:
        return IMPOSSIBLE
    if profile.share("trip", "sex", "month_word") > 0.5 or profile.share("route") > 0.8:
        return IMPOSSIBLE
    if profile.distinct < 2:
        return OPEN
    if profile.share("letters") >= 0.9 and profile.share("street") < 0.2 and given_names_in(profile, table):
        return IMPOSSIBLE
    average = sum(map(len, profile.filled)) / len(profile.filled)
    repeats = profile.distinct <= max(60, 0.1 * len(profile.filled))
    child = table.ties.child
    children = table.profiles[child.at].distinct if child is not None else 0
    # A parent's name is the child's own nearly always; many children wait at one stop.
    shared = not children or profile.distinct <= 0.5 * children
    if (
        average >= 6
        and shared
        and repeats
        and profile.fill > 0.6
        and profile.share("yes_no", "diet", "class_and_section") < 0.5
    ):
        return Evidence(0.7, phrases.REPEATED % {"count": profile.distinct})
    return OPEN if average >= 4 else IMPOSSIBLE


def trip(profile: Profile, _table: Table) -> Evidence:
    """There, back, or both."""
    share = profile.share("trip")
    if share < 0.85:
        return IMPOSSIBLE
    found = {TRIPS.get(word(cell), "") for cell in profile.filled} - {""}
    if len(found) >= 2 and found & {"return", "both"}:
        return Evidence(
            1.0, profile.told_share(share, gettext_noop("sono andata, ritorno o entrambe")), proved=len(found) == 3
        )
    return Evidence(0.3)


def note(profile: Profile, _table: Table) -> Evidence:
    """Free text, mostly absent."""
    if profile.filled and profile.share(*_BEARING, "number") > 0.5:
        return Evidence(0.05)
    if profile.filled and profile.fill < 0.35 and profile.share("words") > 0.3 and profile.share("diet") < 0.3:
        return Evidence(0.6, gettext_noop("testo libero, per lo più assente"))
    return OPEN


PLACES: dict[str, Judge] = {
    "street": street,
    "address": address,
    "house_number": house_number,
    "cap": postal_code,
    "residence": residence,
    "school_code": school,
    "class_year": class_year,
    "section": section,
    "class_and_section": class_and_section,
    "phone": phone,
    "email": email,
    "legacy_id": legacy_id,
    "line_number": line_number,
    "route": route,
    "stop": stop,
    "trip": trip,
    "note": note,
}
