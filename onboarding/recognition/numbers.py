"""Evidence for fields with numbers, times and fixed words: amounts, counts, months, years, taxes, yes and no."""

from typing import Final

from django.utils.translation import gettext_noop

from onboarding.mapping import phrases
from onboarding.recognition.evidence import IMPOSSIBLE, OPEN, Evidence, Judge, Table
from onboarding.recognition.people import LETTERS
from onboarding.recognition.places import counts_rows, counts_up, line_number
from onboarding.recognition.profiles import Profile
from onboarding.recognition.tags import NO, YES, tags_of, word

PADDED: Final = 6
_MARKS: Final = frozenset(word(one) for one in ("S", "N", "SI", "NO", "SÌ"))
_NOT_AMOUNTS: Final = ("code", "mim", "phone", "date")


def is_amount(profile: Profile) -> bool:
    return profile.share("number") >= 0.85 and not (
        profile.share("phone") > 0.8 and profile.length[0] >= 9 and profile.share("money") < 0.2
    )


def _money(profile: Profile) -> float:
    """How much the numbers look like money: decimals, the sign of the euro, a sign of less."""
    return profile.share("money")


def isee(profile: Profile, _table: Table) -> Evidence:
    """Large amounts, never below zero."""
    if not is_amount(profile) or profile.share("negative") > 0.01 or profile.share("cap", "year") > 0.5:
        return IMPOSSIBLE
    if profile.median >= 2000 and _money(profile) >= 0.3 and profile.distinct > 5:
        return Evidence(0.9, phrases.MIDDLE % {"count": _rounded(profile.median)})
    return Evidence(0.35 if profile.median >= 1500 and not counts_rows(profile) and profile.distinct > 10 else 0.12)


def _rounded(value: float) -> str:
    return f"{round(value, -3):,.0f}".replace(",", ".")


def balance(profile: Profile, _table: Table) -> Evidence:
    """Amounts on both sides of zero."""
    if not is_amount(profile) or profile.share("cap", "year") > 0.5:
        return IMPOSSIBLE
    below = profile.share("negative")
    if below >= 0.02 and _money(profile) >= 0.3:
        return Evidence(0.95, profile.told_share(below, gettext_noop("sono negativi: è un saldo")))
    if below >= 0.02:
        return Evidence(0.7, gettext_noop("numeri anche negativi"))
    if _is_filled_with_zeros(profile) and not profile.speaks:
        return Evidence(
            0.5, gettext_noop("numeri della stessa lunghezza riempiti di zeri, che non crescono: centesimi")
        )
    return Evidence(0.5 if _money(profile) >= 0.5 and profile.median < 1500 else 0.15)


def _is_filled_with_zeros(profile: Profile) -> bool:
    """As records of fixed width have amounts: no code, no day, nothing that counts."""
    padded = sum(cell.startswith("00") for cell in profile.filled)
    length, share = profile.length
    return (
        length >= PADDED
        and share >= 0.98
        and padded >= 0.8 * len(profile.filled)
        and profile.share("digits") >= 0.98
        and profile.share("date", "compact_dmy", "compact_ymd", "phone", "code") < 0.2
        and not counts_up(profile)
    )


def amount(profile: Profile, _table: Table) -> Evidence:
    """What is asked for."""
    if not is_amount(profile) or profile.share("year", "cap") > 0.5:
        return IMPOSSIBLE
    money = _money(profile)
    if money >= 0.2:
        return Evidence(0.9, profile.told_share(money, gettext_noop("sono importi con i centesimi")))
    if profile.share("bit") > 0.5 or (profile.share("class") > 0.95) or counts_rows(profile):
        return Evidence(0.1)
    return Evidence(0.3)


def debt_amount(profile: Profile, table: Table) -> Evidence:
    """Thousandths of a euro: whole numbers that end in zero, in every row."""
    return _thousandths(profile, always=True) or amount(profile, table)


def debt_paid(profile: Profile, table: Table) -> Evidence:
    """The same, only where something was paid."""
    return _thousandths(profile, always=False) or amount(profile, table)


def _thousandths(profile: Profile, *, always: bool) -> Evidence | None:
    tens = sum(cell.isdigit() and cell.endswith("0") for cell in profile.filled)
    if not profile.filled or tens < 0.98 * len(profile.filled) or profile.distinct < 0.2 * len(profile.filled):
        return None
    score = 0.75 if always == (profile.fill >= 0.98) else 0.5
    return Evidence(
        score,
        gettext_noop("numeri interi che finiscono con zero")
        if always
        else gettext_noop("numeri interi che finiscono con zero, assenti dove non si è pagato"),
    )


def _pair(profile: Profile, table: Table) -> tuple[float, float, float]:
    """Against the other amounts of the row: the shares of rows where it is not less, not more, and zero."""
    most = (0.0, 0.0)
    for other in table.profiles:
        if other is profile or not _is_tax_amount(other):
            continue
        pairs = [(a, b) for a, b in zip(profile.numbers, other.numbers, strict=True) if a is not None and b is not None]
        if pairs:
            above = sum(a >= b for a, b in pairs) / len(pairs)
            below = sum(a <= b for a, b in pairs) / len(pairs)
            most = max(most, (above, below))
    zero = [number for number in profile.numbers if number is not None]
    return *most, sum(number == 0 for number in zero) / len(zero) if zero else 0.0


def _is_tax_amount(profile: Profile) -> bool:
    return (
        is_amount(profile)
        and profile.share("year", "month_number", "cap", "eleven", "compact_dmy") < 0.5
        and profile.share("bit") < 0.9
        and not counts_rows(profile)
        and profile.distinct > 3
    )


def due(profile: Profile, table: Table) -> Evidence:
    """Nearly never less than what was paid, and nearly never zero."""
    if not _is_tax_amount(profile):
        return IMPOSSIBLE
    above, below, zero = _pair(profile, table)
    if above > below and above >= 0.6:
        return Evidence(0.9 - zero, gettext_noop("importi, di rado minori del pagato"))
    return Evidence(0.3 if zero < 0.05 else 0.12)


def tax_paid(profile: Profile, table: Table) -> Evidence:
    """Nearly never more than what was due, and often zero."""
    if not _is_tax_amount(profile):
        return IMPOSSIBLE
    above, below, zero = _pair(profile, table)
    if below > above or (zero > 0.05 and above < 0.9):
        return Evidence(0.9 if zero > 0.02 else 0.7, phrases.ZEROS % {"count": round(100 * zero)})
    return Evidence(0.25)


def paid_word(profile: Profile, _table: Table) -> Evidence:
    """Yes and no, in any spelling; an empty cell may be a no."""
    share = profile.share("yes_no")
    if share < 0.85 or profile.distinct > 16:
        return IMPOSSIBLE
    written = {word(cell) for cell in profile.filled}
    if profile.share("bit") >= 0.97 and profile.distinct >= 2:
        return Evidence(0.55, gettext_noop("zero e uno"))
    if written <= {"0", "1", "2"} or profile.share("class") > 0.9 or profile.share("sex") > 0.9:
        return Evidence(0.4)
    both = bool(written & YES) and (bool(written & NO) or profile.fill < 0.99)
    return Evidence(0.85 if both else 0.35, profile.told_share(share, gettext_noop("sono sì o no")))


def month(profile: Profile, _table: Table) -> Evidence:
    """Names or numbers of months."""
    share = profile.share("month_word", "month_number", "iso_month")
    if share < 0.9:
        return IMPOSSIBLE
    words = profile.share("month_word")
    if words >= 0.1 or profile.share("iso_month") >= 0.9:
        return Evidence(1.0, profile.told_share(share, gettext_noop("sono mesi")), proved=words >= 0.3)
    values = {number for number in profile.numbers if number is not None}
    if len(values) >= 5 and max(values) >= 9 and not profile.share("bit") > 0.5:
        return Evidence(0.6, gettext_noop("numeri da 1 a 12"))
    return Evidence(0.25)


def year(profile: Profile, _table: Table) -> Evidence:
    """A few years close to one another."""
    share = profile.share("year", "short_year")
    if share < 0.85 or profile.distinct > 30:
        return IMPOSSIBLE
    if profile.share("year") >= 0.7:
        return Evidence(1.0, profile.told_share(profile.share("year"), gettext_noop("sono anni")), proved=True)
    return Evidence(0.35)


def _other_date(profile: Profile, table: Table) -> float:
    """The share of dates, none when they are the children's days of birth."""
    if table.ties.of(profile.at, table.ties.child).birth >= 0.5:
        return 0.0
    return profile.share("date", "compact_dmy", "compact_ymd", "no_date", "serial", "iso_time")


def paid_on(profile: Profile, table: Table) -> Evidence:
    """Days, absent where nothing was paid."""
    share = _other_date(profile, table)
    if share < 0.7:
        return IMPOSSIBLE
    gaps = profile.fill < 0.99 or profile.share("no_date") > 0.01
    return Evidence(0.85 if gaps else 0.65, profile.told_share(share, gettext_noop("sono date, e non di nascita")))


def other_day(profile: Profile, table: Table) -> Evidence:
    """Any day: its name says which."""
    share = _other_date(profile, table)
    return Evidence(0.45, profile.told_share(share, gettext_noop("sono date"))) if share >= 0.7 else IMPOSSIBLE


def tax(profile: Profile, _table: Table) -> Evidence:
    """Names of local taxes."""
    share = profile.share("tax")
    return (
        Evidence(1.0, profile.told_share(share, gettext_noop("sono nomi di tributi")), proved=True)
        if share >= 0.7
        else IMPOSSIBLE
    )


def instalments(profile: Profile, table: Table) -> Evidence:
    """Yes and no; where nothing has a name, a mark that is always the same may be that of a file without any."""
    evidence = paid_word(profile, table)
    if evidence.score and not profile.speaks and {word(cell) for cell in profile.filled} <= _MARKS:
        return Evidence(max(evidence.score, 0.5), evidence.reason or gettext_noop("sempre lo stesso sì o no"))
    return evidence if evidence.score else IMPOSSIBLE


def status(profile: Profile, _table: Table) -> Evidence:
    """The statuses of the payment kit."""
    share = profile.share("status")
    return (
        Evidence(1.0, profile.told_share(share, gettext_noop("sono stati di un debito")), proved=True)
        if share >= 0.8
        else IMPOSSIBLE
    )


def iban(profile: Profile, _table: Table) -> Evidence:
    """An account, or an account and its holder."""
    share = profile.share("iban")
    return (
        Evidence(1.0, profile.told_share(share, gettext_noop("sono IBAN")), proved=True) if share >= 0.7 else IMPOSSIBLE
    )


def belfiore(profile: Profile, _table: Table) -> Evidence:
    """Codes of Comuni, or their names."""
    share = profile.share("belfiore")
    if share >= 0.9 and profile.distinct <= 45:
        return Evidence(0.95, profile.told_share(share, gettext_noop("sono codici catastali di Comuni")), proved=True)
    return Evidence(0.5 if profile.share("place") >= 0.8 and profile.distinct <= 45 else 0.0)


def reason(profile: Profile, _table: Table) -> Evidence:
    """Long text, with the references of payments."""
    share = profile.share("reference", "pairs")
    long = profile.filled and sum(map(len, profile.filled)) / len(profile.filled) >= 20
    if share >= 0.5 and profile.share("iban", "date") < 0.3:
        return Evidence(0.8, profile.told_share(share, gettext_noop("sono causali con riferimenti")))
    return Evidence(0.4 if long else 0.15)


def items(profile: Profile, _table: Table) -> Evidence:
    """`what=amount;...`."""
    share = profile.share("pairs")
    numbers = [pair.rpartition("=")[2].strip() for cell in profile.filled for pair in cell.split(";") if "=" in pair]
    whole = bool(numbers) and sum(number.isdigit() for number in numbers) >= 0.9 * len(numbers)
    return (
        Evidence(0.9 if whole else 0.4, profile.told_share(share, gettext_noop("sono voci con importo")))
        if share >= 0.5
        else Evidence(0.1)
    )


def text(_profile: Profile, _table: Table) -> Evidence:
    """Anything: only the name speaks."""
    return OPEN


def name_or_company(profile: Profile, table: Table) -> Evidence:
    """The surname of a person or the name of a company: letters, and mostly those of the code."""
    if not profile.filled or (profile.share("letters") < 0.6 and profile.share("digits") > 0.2):
        return IMPOSSIBLE
    fit = max((table.ties.of(profile.at, code).surname for code in table.ties.codes), default=0.0)
    if fit >= 0.6:
        told = profile.told_share(fit, LETTERS["surname"])
        return Evidence(0.75 + 0.25 * fit, told, proved=fit >= 0.8)
    return Evidence(0.3 if profile.distinct > 10 and profile.share("letters") >= 0.6 else 0.1)


def given_of_person(profile: Profile, table: Table) -> Evidence:
    """The given name; empty for companies."""
    if profile.filled and profile.share("letters") < 0.8:
        return IMPOSSIBLE
    fit = max((table.ties.of(profile.at, code).given for code in table.ties.codes), default=0.0)
    if fit >= 0.6:
        told = profile.told_share(fit, LETTERS["given"])
        return Evidence(0.75 + 0.25 * fit, told, proved=fit >= 0.8)
    return Evidence(0.25)


def meals_total(profile: Profile, _table: Table) -> Evidence:
    """A sum of counts; proved elsewhere, where the counts of the months are found."""
    whole = profile.share("whole") >= 0.9 and profile.share("code", "cap", "year") < 0.3
    return Evidence(0.3) if whole and not counts_rows(profile) else IMPOSSIBLE


def entry(profile: Profile, _table: Table) -> Evidence:
    """Numbers of entries: all different."""
    if profile.share("date", "money", "code") > 0.2 or profile.fill < 0.8:
        return IMPOSSIBLE
    unique = profile.distinct / max(1, len(profile.filled))
    words = sum("letters" in tags_of(cell) for cell in profile.filled)
    return Evidence(0.6 if unique > 0.9 and not words else 0.15)


NUMBERS: dict[str, Judge] = {
    "isee": isee,
    "balance": balance,
    "amount": amount,
    "due": due,
    "paid": tax_paid,
    "paid_word": paid_word,
    "month": month,
    "year": year,
    "paid_on": paid_on,
    "last_payment": paid_on,
    "tax": tax,
    "instalments": instalments,
    "municipality": belfiore,
    "status": status,
    "iban": iban,
    "reason": reason,
    "items": items,
    "meals_total": meals_total,
    "surname_or_name": name_or_company,
    "given_name": given_of_person,
    "due_on": other_day,
    "valid_from": other_day,
    "valid_until": other_day,
    "value_date": other_day,
    "booked_on": other_day,
    "debt_id": entry,
    "entry_id": entry,
    "payment_id": text,
    "creditor": text,
    "debt_type": text,
    "channel": text,
    "paid_through_node": paid_word,
    "line_number": line_number,
}
