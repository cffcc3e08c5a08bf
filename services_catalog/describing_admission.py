"""Who may apply, with which documents and for how many places, in plain words."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from services_catalog.admission.admission import WhoRule
from services_catalog.admission.ages import AgeBand, AgeRule
from services_catalog.admission.capacity import Capacity
from services_catalog.admission.documents import ChildAge, RequiredDocument
from services_catalog.admission.renewal import AutomaticRenewal, ConfirmedRenewal, FirstUse, NoRenewal, Renewal
from services_catalog.admission.roots import Age, OnDate, OnDayOfYear, OnFilingDay, Reckoning
from services_catalog.admission.standing import CircumstanceRule, ResidenceRule, SchoolRule
from services_catalog.admission.territory import CatchmentRule, DistanceRow, DistanceRule
from services_catalog.describing_cases import who
from services_catalog.describing_fees import Row
from services_catalog.schema import Audience, EditionContent
from sportello.schools.models import Level


def admission_rows(content: EditionContent) -> Iterator[Row]:
    """The rules on who may apply, documents, renewal and places of an edition, in the reader's language."""
    labels = {condition.code: condition.label.within(_language()) for condition in content.conditions}
    yield Row(_("Per chi"), audience_words(content.audience), "audience")
    for index, rule in enumerate(content.admission.rules):
        yield Row(rule_name(rule), _with_proviso(content, rule), f"admission.rules[{index}]")
    for index, document in enumerate(content.admission.documents):
        value = document_words(document, labels)
        yield Row(capfirst(document.label.within(_language())), value, f"admission.documents[{index}]")
    if content.admission.renewal is not None:
        yield Row(_("L'anno dopo"), renewal_words(content.admission.renewal), "admission.renewal")
    if content.admission.capacity is not None:
        yield from _places_rows(content.admission.capacity)


def audience_words(audience: Audience) -> str:
    """School levels served, single schools, and whether residents alone or before others."""
    words = [", ".join(str(Level(level).label) for level in audience.levels)]
    if audience.schools:
        words.append(
            ngettext("una sola scuola", "%(n)s scuole indicate", len(audience.schools)) % {"n": len(audience.schools)}
        )
    if audience.residents == "residents_only":
        words.append(_("solo residenti nel Comune"))
    elif audience.residents == "residents_first":
        words.append(_("prima i residenti nel Comune"))
    return "; ".join(words)


def rule_name(rule: WhoRule) -> str:
    """The kind of the rule, in a word or two."""
    match rule:
        case AgeRule():
            return _("Età")
        case ResidenceRule():
            return _("Residenza")
        case SchoolRule():
            return _("Scuola")
        case DistanceRule():
            return _("Distanza da scuola")
        case CatchmentRule():
            return _("Zona")
        case CircumstanceRule():
            return _("Condizione")


def rule_words(rule: WhoRule) -> str:
    """What the rule wants."""
    match rule:
        case AgeRule():
            return _(" oppure ").join(band_words(band) for band in rule.bands)
        case ResidenceRule():
            return _residence_words(rule)
        case SchoolRule():
            return _school_words(rule)
        case DistanceRule():
            return _distance_words(rule)
        case CatchmentRule():
            names = ", ".join(area.label.within(_language()) for area in rule.areas)
            by_office = _("%(areas)s; lo attesta l'ufficio") % {"areas": names}
            return by_office if rule.attested_by == "office" else names
        case CircumstanceRule():
            return rule.label.within(_language())


def band_words(band: AgeBand) -> str:
    """A band with its name, its ages and the day on which they are counted."""
    words = f"{band.label.within(_language())}: {_ages(band)}"
    if band.admitted == "if_places_remain":
        return _("%(band)s, solo se restano posti e nessun altro aspetta") % {"band": words}
    return words


def document_words(document: RequiredDocument, labels: Mapping[str, str]) -> str:
    """From whom a document is wanted, signed by whom, by when, and for how long it holds."""
    words = []
    if not document.when.everybody:
        words.append(who(document.when, labels))
    elif not (document.answers or document.age):
        words.append(_("per tutti"))
    if document.answers:
        words.append(_("per chi dà certe risposte nella domanda"))
    if document.age is not None:
        words.append(_ages(document.age))
    if document.signed_by == "every_guardian":
        words.append(_("firmato da tutti i genitori o tutori"))
    words.append(_term(document))
    if document.valid_months is not None:
        words.append(
            ngettext("vale %(n)s mese", "vale %(n)s mesi", document.valid_months) % {"n": document.valid_months}
        )
    return "; ".join(words)


def renewal_words(renewal: Renewal) -> str:
    """What becomes of the place."""
    match renewal:
        case AutomaticRenewal(until="end_of_level"):
            return _("il posto continua da solo, fino alla fine del grado di scuola")
        case AutomaticRenewal():
            return _("il posto continua da solo, finché la scuola è la stessa")
        case ConfirmedRenewal():
            month, day = renewal.by.split("-")
            return _("il posto continua se la famiglia lo conferma entro il %(day)s") % {"day": f"{day}/{month}"}
        case NoRenewal():
            return _("serve una nuova domanda ogni anno")


def beyond_words(capacity: Capacity) -> str:
    """What happens once the places are taken."""
    if capacity.beyond == "waiting_list":
        words = _("oltre i posti la domanda va in lista d'attesa")
        return f"{words}, {order_words(capacity)}" if capacity.order else words
    return _("oltre i posti la domanda non si può inviare")


def order_words(capacity: Capacity) -> str:
    """In which order a place that is free goes to who waits."""
    match capacity.order:
        case "eldest_first":
            return _("dal bambino più grande al più piccolo")
        case "youngest_first":
            return _("dal bambino più piccolo al più grande")
        case _:
            return _("in ordine di protocollo")


def first_use_words(first_use: FirstUse) -> str:
    """From when a late enrolment counts."""
    words = ngettext("dopo %(n)s giorno lavorativo", "dopo %(n)s giorni lavorativi", first_use.working_days)
    return words % {"n": first_use.working_days}


def _with_proviso(content: EditionContent, rule: WhoRule) -> str:
    """The rule, with the windows in which it counts and what happens where it does not hold."""
    words = [rule_words(rule)]
    labels = {window.code: window.label.within(_language()) for window in content.windows}
    if rule.windows:
        words.append(_("nella finestra: %(windows)s") % {"windows": ", ".join(labels[code] for code in rule.windows)})
    if rule.otherwise == "office":
        words.append(_("altrimenti decide l'ufficio"))
    if rule.source:
        words.append(rule.source)
    return "; ".join(words)


def _residence_words(rule: ResidenceRule) -> str:
    words = _("il bambino vive nel Comune") if rule.whose == "child" else _("un genitore o tutore vive nel Comune")
    if not rule.comuni:
        return words
    return _("%(words)s, o in uno dei Comuni in convenzione (%(codes)s)") % {
        "words": words,
        "codes": ", ".join(rule.comuni),
    }


def _school_words(rule: SchoolRule) -> str:
    words = []
    if rule.levels:
        words.append(", ".join(str(Level(level).label) for level in rule.levels))
    if rule.schools:
        words.append(", ".join(rule.schools))
    if rule.class_from or rule.class_to:
        low, high = rule.class_from or 1, rule.class_to
        words.append(
            _("classi da %(low)s a %(high)s") % {"low": low, "high": high}
            if high
            else _("classi da %(low)s in su") % {"low": low}
        )
    return "; ".join(words)


def _distance_words(rule: DistanceRule) -> str:
    measure = _("a piedi, per la via più breve") if rule.measure == "walking" else _("in linea d'aria")
    return "; ".join([*(_row_words(row) for row in rule.rows), measure])


def _row_words(row: DistanceRow) -> str:
    if row.up_to is None:
        metres = _("più di %(low)s m") % {"low": row.more_than}
    elif row.more_than is None:
        metres = _("fino a %(high)s m") % {"high": row.up_to}
    else:
        metres = _("più di %(low)s m e fino a %(high)s m") % {"low": row.more_than, "high": row.up_to}
    levels = ", ".join(str(Level(level).label) for level in row.levels)
    return f"{levels}: {metres}" if levels else metres


def _ages(bounds: AgeBand | ChildAge) -> str:
    day = _reckoned(bounds.on)
    if bounds.at_least and bounds.below:
        sentence = _("da %(low)s compiuti a meno di %(high)s, %(day)s")
    elif bounds.at_least:
        sentence = _("almeno %(low)s compiuti, %(day)s")
    else:
        sentence = _("meno di %(high)s, %(day)s")
    low = age_words(bounds.at_least) if bounds.at_least else ""
    return sentence % {"low": low, "high": age_words(bounds.below) if bounds.below else "", "day": day}


def age_words(age: Age) -> str:
    """Years and months, those that count."""
    words = []
    if age.years:
        words.append(ngettext("%(n)s anno", "%(n)s anni", age.years) % {"n": age.years})
    if age.months or not age.years:
        words.append(ngettext("%(n)s mese", "%(n)s mesi", age.months) % {"n": age.months})
    return _(" e ").join(words)


def _reckoned(on: Reckoning) -> str:
    match on:
        case OnDate():
            return _("contati il %(day)s") % {"day": f"{on.date:%d/%m/%Y}"}
        case OnFilingDay():
            return _("contati il giorno della domanda")
        case OnDayOfYear():
            month, day = on.day.split("-")
            words = (
                _("contati il %(day)s dell'anno in cui comincia la scuola")
                if on.year == "start"
                else _("contati il %(day)s dell'anno in cui finisce la scuola")
            )
            return words % {"day": f"{day}/{month}"}


def _term(document: RequiredDocument) -> str:
    if document.within_days is not None:
        words = ngettext("entro %(n)s giorno dall'invio", "entro %(n)s giorni dall'invio", document.within_days)
        return words % {"n": document.within_days}
    if document.by is not None:
        return _("entro il %(day)s") % {"day": day_words(document.by)}
    return _("insieme alla domanda")


def day_words(day: date) -> str:
    """A day as people write it."""
    return f"{day:%d/%m/%Y}"


def _places_rows(capacity: Capacity) -> Iterator[Row]:
    for index, group in enumerate(capacity.places):
        words = ngettext("%(n)s posto", "%(n)s posti", group.places) % {"n": group.places}
        label = _("Posti: %(label)s") % {"label": group.label.within(_language())}
        yield Row(label, f"{words}; {beyond_words(capacity)}", f"admission.capacity.places[{index}]")


def _language() -> str:
    return get_language() or "it"
