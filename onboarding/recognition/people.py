"""Evidence for fields about persons: codes, names, sex, day and place of birth."""

from collections import Counter
from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext_noop

from onboarding.recognition.evidence import IMPOSSIBLE, OPEN, Evidence, Judge, Table
from onboarding.recognition.profiles import Profile
from onboarding.recognition.tags import DIETS, SEXES, word
from onboarding.recognition.ties import CodeColumn, Person, Tie, surname_letters

LETTERS: Final = {
    "surname": gettext_noop("danno le lettere del codice fiscale per il cognome"),
    "given": gettext_noop("danno le lettere del codice fiscale per il nome"),
    "full": gettext_noop("danno le lettere del codice fiscale per cognome e nome"),
}
_NAMES_OF: Final = {
    "F": gettext_noop("nomi e cognomi, e i nomi sono femminili per lo più"),
    "M": gettext_noop("nomi e cognomi, e i nomi sono maschili per lo più"),
}


def _codes(profile: Profile, table: Table) -> CodeColumn | None:
    return next((code for code in table.ties.codes if code.at == profile.at), None)


def child_code(profile: Profile, table: Table) -> Evidence:
    """Codes of children: by the age inside."""
    column = _codes(profile, table)
    if column is None:
        return Evidence(0.25 if profile.share("code_shape") > 0.5 else 0.0)
    valid = profile.share("code")
    if column is table.ties.child:
        return Evidence(
            1.0,
            profile.told_share(valid, gettext_noop("sono codici fiscali validi, e per età di bambini")),
            proved=True,
        )
    # A row of a child may hold the codes of others too; one column alone of grown-ups is not the child's.
    return Evidence(0.25, profile.told_share(valid, gettext_noop("sono codici fiscali validi")))


def payer_code(profile: Profile, table: Table) -> Evidence:
    """Codes of grown-ups."""
    column = _codes(profile, table)
    if column is None:
        return IMPOSSIBLE
    valid = profile.share("code")
    if column.is_child:
        return Evidence(0.1, profile.told_share(valid, gettext_noop("sono codici fiscali validi")))
    own = max((tie_full(table.ties.of(other.at, column)) for other in table.profiles), default=0.0)
    told = profile.told_share(valid, gettext_noop("sono codici fiscali validi, e per età di adulti"))
    return Evidence(0.9 + 0.1 * (own >= 0.6), told, proved=True)


def tie_full(tie: Tie) -> float:
    """The best agreement of a column with the name letters of a code."""
    return max(tie.surname, tie.given, tie.full)


def taxpayer_code(profile: Profile, _table: Table) -> Evidence:
    """Codes of persons, or the eleven digits of companies."""
    share = profile.share("code_shape", "eleven")
    if share < 0.6:
        return IMPOSSIBLE
    if profile.share("code_shape") < 0.02 and profile.share("eleven") > 0.9:
        return Evidence(0.5, gettext_noop("numeri di undici cifre"))
    return Evidence(1.0, profile.told_share(share, gettext_noop("sono codici fiscali o partite IVA")), proved=True)


def several_codes(profile: Profile, _table: Table) -> Evidence:
    """Codes of debtors, one or more in a cell."""
    share = profile.share("code_shape", "codes", "eleven")
    if share < 0.6:
        return IMPOSSIBLE
    return Evidence(0.9, profile.told_share(share, gettext_noop("sono codici fiscali, anche più d'uno")), proved=True)


def _name(profile: Profile, table: Table, part: str, *, child: bool) -> Evidence:
    """A name of the child or of the payer: the letters of the code prove whose, and which part of it."""
    if profile.share("letters") < 0.8 or not profile.filled:
        return IMPOSSIBLE
    ties = table.ties
    mine, other = (ties.child, ties.payer) if child else (ties.payer, ties.child)
    tie = ties.of(profile.at, mine)
    fit = {"surname": tie.surname, "given": tie.given, "full": tie.full}[part]
    if mine is not None:
        if fit >= 0.6:
            rest = _rival(ties.of(profile.at, other), part)
            score = 0.75 + 0.25 * fit - 0.15 * (rest >= fit)
            return Evidence(score, profile.told_share(fit, LETTERS[part]), proved=fit >= 0.8)
        if tie_full(tie) >= 0.6 or fit < 0.35:
            return IMPOSSIBLE
        return Evidence(0.15)
    if tie_full(ties.of(profile.at, other)) >= 0.9:
        return IMPOSSIBLE if other is not None and part != "surname" else Evidence(0.15)
    return _name_without_codes(profile, part, table)


def _rival(tie: Tie, part: str) -> float:
    return {"surname": tie.surname, "given": tie.given, "full": tie.full}[part]


def _name_without_codes(profile: Profile, part: str, table: Table) -> Evidence:
    """No code to compare with: the number of words tells full names from parts, the column's name tells the rest."""
    words = profile.share("words")
    if profile.share("place") > 0.9 or profile.distinct <= 3:
        return Evidence(0.1)
    if part == "full":
        known = share_of_sex(profile, table, "F") is not None
        return Evidence(
            0.55 if known and words >= 0.9 else 0.35 if words >= 0.9 else 0.1,
            gettext_noop("nomi e cognomi") if known else "",
        )
    return Evidence(0.3 if words < 0.6 else 0.05)


def child_surname(profile: Profile, table: Table) -> Evidence:
    """The child's family name."""
    return _name(profile, table, "surname", child=True)


def child_given(profile: Profile, table: Table) -> Evidence:
    """The child's given name."""
    return _name(profile, table, "given", child=True)


def child_full(profile: Profile, table: Table) -> Evidence:
    """Both in one cell, either order."""
    return _name(profile, table, "full", child=True)


def payer_surname(profile: Profile, table: Table) -> Evidence:
    """The payer's family name."""
    return _name(profile, table, "surname", child=False)


def payer_given(profile: Profile, table: Table) -> Evidence:
    """The payer's given name."""
    return _name(profile, table, "given", child=False)


def payer_full(profile: Profile, table: Table) -> Evidence:
    """Both in one cell, either order."""
    return _name(profile, table, "full", child=False)


def _parent(profile: Profile, table: Table, sex: str) -> Evidence:
    """A parent's full name: a father mostly shares the child's surname; given names say the sex."""
    if profile.share("letters") < 0.8 or profile.share("words") < 0.85 or profile.share("place") > 0.5:
        return IMPOSSIBLE
    if table.ties.of(profile.at, table.ties.child).full >= 0.6:
        return IMPOSSIBLE
    share = share_of_sex(profile, table, sex)
    if share is None:
        return _parent_by_surname(profile, table, sex)
    return Evidence(0.75, _NAMES_OF[sex]) if share >= 0.85 else Evidence(0.15 if share > 0.4 else 0.0)


def _parent_by_surname(profile: Profile, table: Table, sex: str) -> Evidence:
    """Given names are not known: the father is he who has the child's surname, the mother stands beside such a one."""
    shared = max(shared_surname(profile, table))
    if sex == "M":
        return (
            Evidence(0.7, gettext_noop("nomi e cognomi, col cognome del bambino per lo più")) if shared >= 0.7 else OPEN
        )
    others = [one for one in table.profiles if one is not profile and one.share("words") >= 0.85]
    if shared < 0.3 and any(max(shared_surname(one, table)) >= 0.7 for one in others):
        return Evidence(0.55, gettext_noop("nomi e cognomi, accanto a chi ha il cognome del bambino"))
    return OPEN


def father(profile: Profile, table: Table) -> Evidence:
    """The father's full name."""
    return _parent(profile, table, "M")


def mother(profile: Profile, table: Table) -> Evidence:
    """The mother's full name."""
    return _parent(profile, table, "F")


def share_of_sex(profile: Profile, table: Table, sex: str) -> float | None:
    """How often a given name in the cell is one that the file's own codes give to that sex; None when few are known."""
    known = sexes_of_given_names(table)
    told = [found for cell in profile.filled if (found := _sex_of(cell, known))]
    if len(told) < max(5, 0.3 * len(profile.filled)):
        return None
    return told.count(sex) / len(told)


def given_names_in(profile: Profile, table: Table) -> bool:
    """Whether the cells are names of people: many hold a given name that the file's codes know."""
    return share_of_sex(profile, table, "F") is not None


def shared_surname(profile: Profile, table: Table) -> tuple[float, float]:
    """How often the words at the start, and at the end, give the surname letters of the child's code."""
    code = table.ties.child
    if code is None:
        return 0.0, 0.0
    first = last = count = 0
    for cell, person in zip(profile.cells, code.people, strict=True):
        words = cell.split()
        if person is None or len(words) < 2:
            continue
        count += 1
        first += person.surname in {surname_letters(words[0]), surname_letters(" ".join(words[:2]))}
        last += person.surname in {surname_letters(words[-1]), surname_letters(" ".join(words[-2:]))}
    return (first / count, last / count) if count else (0.0, 0.0)


def ends_with_given_names(profile: Profile, table: Table) -> tuple[int, int]:
    """In how many cells the first word alone is a given name, and in how many the last one alone."""
    known = sexes_of_given_names(table)
    ends = [
        (words[0] in known, words[-1] in known) for cell in profile.filled if len(words := cell.upper().split()) > 1
    ]
    return sum(first and not last for first, last in ends), sum(last and not first for first, last in ends)


def _sex_of(cell: str, known: dict[str, str]) -> str:
    """By the last or the first words, as given names stand at either end."""
    words = cell.upper().split()
    for some in (words[-1:], words[-2:-1], words[:1]):
        if some and some[0] in known:
            return known[some[0]]
    return ""


def sexes_of_given_names(table: Table) -> dict[str, str]:
    """Given name -> sex, learned from the names and codes of the file itself."""
    counts: dict[str, dict[str, int]] = {}
    for code in table.ties.codes:
        for profile in table.profiles:
            tie = table.ties.of(profile.at, code)
            if max(tie.given, tie.full) < 0.6:
                continue
            last = tie.given < 0.6 and tie.full_surname_first >= tie.full_given_first
            for cell, person in zip(profile.cells, code.people, strict=True):
                words = cell.upper().split()
                if person is not None and words:
                    seen = counts.setdefault(words[-1 if last else 0], {"F": 0, "M": 0})
                    seen[person.sex] += 1
    return {
        name: max(seen, key=lambda sex: seen[sex])
        for name, seen in counts.items()
        if min(seen.values()) * 9 <= max(seen.values())
    }


def sex(profile: Profile, table: Table) -> Evidence:
    """Two words that go with the sex in the code."""
    if not profile.filled or profile.distinct > 6:
        return IMPOSSIBLE
    written = {word(cell) for cell in profile.filled}
    words = profile.share("sex")
    tie = table.ties.of(profile.at, table.ties.child)
    if tie.sex >= 0.85 and (words >= 0.9 or profile.distinct <= 3):
        return Evidence(
            1.0, profile.told_share(tie.sex, gettext_noop("concordano col sesso nel codice fiscale")), proved=True
        )
    if words >= 0.9 and {SEXES.get(one) for one in written} >= {"F", "M"}:
        return Evidence(0.8, profile.told_share(words, gettext_noop("sono parole del sesso")))
    return Evidence(0.2) if words >= 0.9 or profile.share("bit") >= 0.9 else IMPOSSIBLE


def birth_date(profile: Profile, table: Table) -> Evidence:
    """Days that the code of the child confirms; else days that lie where children are born."""
    dates = profile.share("date", "compact_dmy", "compact_ymd", "serial")
    if dates < 0.6:
        return IMPOSSIBLE
    tie = table.ties.of(profile.at, table.ties.child)
    if tie.birth >= 0.6:
        return Evidence(
            1.0, profile.told_share(tie.birth, gettext_noop("sono la data di nascita del codice fiscale")), proved=True
        )
    if table.ties.child is not None:
        return Evidence(0.1)
    return Evidence(0.5 if profile.distinct > 0.3 * len(profile.filled) else 0.2, gettext_noop("sono date"))


def birth_place(profile: Profile, table: Table) -> Evidence:
    """Places that the code of the child confirms; a column that is mostly the same must differ where it should."""
    if profile.share("letters", "place") < 0.5 and profile.share("belfiore") < 0.8:
        return IMPOSSIBLE
    tie = table.ties.of(profile.at, table.ties.child)
    if profile.share("province") >= 0.9 and profile.length[0] == 2:
        return IMPOSSIBLE
    if tie.place >= 0.85 and _knows_others(profile, table):
        return Evidence(
            1.0, profile.told_share(tie.place, gettext_noop("sono il luogo di nascita del codice fiscale")), proved=True
        )
    if profile.share("place", "belfiore") < 0.6:
        return IMPOSSIBLE
    return Evidence(0.3 if tie.place < 0.3 and table.ties.child is not None else 0.45, gettext_noop("sono luoghi"))


def _knows_others(profile: Profile, table: Table) -> bool:
    """Whether the column follows those born elsewhere too: a column of "BARI" alone agrees with most rows by chance."""
    return _follows(profile, table, lambda person: person.place)


def _follows(profile: Profile, table: Table, what: Callable[[Person], str]) -> bool:
    child = table.ties.child
    if child is None:
        return False
    usual = Counter(profile.filled).most_common(1)[0][0] if profile.filled else ""
    pairs = [(cell, what(person)) for cell, person in zip(profile.cells, child.people, strict=True) if person and cell]
    told = Counter(place for _, place in pairs)
    common = told.most_common(1)[0][0] if told else ""
    others = [cell != usual for cell, place in pairs if place != common]
    return not others or sum(others) >= 0.7 * len(others)


def birth_province(profile: Profile, table: Table) -> Evidence:
    """Provinces that follow the place in the code."""
    if profile.share("province") < 0.8:
        return IMPOSSIBLE
    tie = table.ties.of(profile.at, table.ties.child)
    if tie.province >= 0.85 and _follows(profile, table, lambda person: person.province):
        return Evidence(
            0.95,
            profile.told_share(tie.province, gettext_noop("sono la provincia di nascita del codice fiscale")),
            proved=True,
        )
    if table.ties.child is None:
        return Evidence(0.5, gettext_noop("sono sigle di province"))
    return Evidence(0.1, gettext_noop("sono sigle di province, ma non quelle di nascita"))


def diet(profile: Profile, _table: Table) -> Evidence:
    """Words of diets, few and often empty."""
    if not profile.filled or profile.share("date", "code", "email") > 0.2:
        return IMPOSSIBLE
    known = profile.share("diet")
    special = sum(DIETS.get(word(cell), "standard") != "standard" for cell in profile.filled) / len(profile.filled)
    if known >= 0.5 and special > 0:
        return Evidence(0.9 if special > 0.02 else 0.5, profile.told_share(known, gettext_noop("sono parole di diete")))
    hints = profile.share("diet_hint")
    if hints >= 0.5 and profile.distinct <= 60:
        return Evidence(0.6, gettext_noop("parlano di diete"))
    return Evidence(0.2) if profile.distinct <= 40 and profile.share("letters") >= 0.5 else IMPOSSIBLE


PEOPLE: dict[str, Judge] = {
    "child_fiscal_code": child_code,
    "payer_fiscal_code": payer_code,
    "fiscal_code": taxpayer_code,
    "debtor_fiscal_codes": several_codes,
    "child_surname": child_surname,
    "child_given_name": child_given,
    "child_name": child_full,
    "payer_surname": payer_surname,
    "payer_given_name": payer_given,
    "payer_name": payer_full,
    "father_name": father,
    "mother_name": mother,
    "sex": sex,
    "birth_date": birth_date,
    "birth_place": birth_place,
    "birth_province": birth_province,
    "diet": diet,
}
