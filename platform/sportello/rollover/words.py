"""What a row of the work list says: what happens on 1 September, and what to do about it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sportello.kernel.money import Money
from sportello.rollover.models import WorkItem, WorkKind
from sportello.schools.models import Level
from sportello.ui.templatetags.ui import it_date, money

TO_DO: Final[Mapping[str, Promise]] = {
    WorkKind.SECTION: gettext_lazy("Crea la classe del nuovo anno, oppure chiedi alla scuola come si chiamerà."),
    WorkKind.RENEWAL: gettext_lazy("Chiedi alla famiglia di confermare o cambiare l'iscrizione."),
    WorkKind.ARREARS: gettext_lazy("Avvisa la famiglia: saldati i pagamenti, ripeti la prova."),
    WorkKind.NEW_SCHOOL: gettext_lazy("Serve una nuova iscrizione, con la scuola e la classe nuove."),
    WorkKind.ENDING: gettext_lazy("Avvisa la famiglia e controlla se resta un credito o un debito."),
    WorkKind.NO_CLASS: gettext_lazy("Chiedi alla scuola dove siede, poi ripeti la prova."),
    WorkKind.DIET: gettext_lazy("Chiedi alla famiglia se la dieta continua."),
    WorkKind.ISEE: gettext_lazy("Ricorda alla famiglia di presentare il nuovo ISEE."),
    WorkKind.SIBLINGS: gettext_lazy("Avvisa la famiglia prima che cominci il servizio."),
}
RENEWAL_TO_DO: Final[Mapping[str, Promise]] = {
    "confirmed": gettext_lazy("Ricorda alla famiglia di confermare entro il termine."),
    "none": gettext_lazy("Ricorda alla famiglia di fare la domanda nuova."),
}
NEW_CERTIFICATE: Final = gettext_lazy("Chiedi il certificato nuovo.")


def what_happens(item: WorkItem) -> str:
    """The first sentence of a row."""
    return _HAPPENS[WorkKind(item.kind)](item)


def what_to_do(item: WorkItem) -> str:
    """The second sentence of a row."""
    if item.facts.get("medical"):
        return str(NEW_CERTIFICATE)
    return str(RENEWAL_TO_DO.get(item.facts.get("renewal", ""), TO_DO[item.kind]))


def _section(item: WorkItem) -> str:
    count, after = item.facts["children"], item.facts["next_class"]
    text = ngettext(
        "%(count)d bambino passa alla %(next)s, che non c'è ancora.",
        "%(count)d bambini passano alla %(next)s, che non c'è ancora.",
        count,
    )
    return text % {"count": count, "next": after}


def _renewal(item: WorkItem) -> str:
    if item.facts.get("renewal") == "confirmed":
        return _("Il posto continua solo se la famiglia conferma entro il %(day)s.") % {"day": it_date(item.due_on)}
    if item.facts.get("renewal") == "none":
        return _("Il posto finisce con l'anno scolastico: questo servizio vuole una domanda nuova ogni anno.")
    return _("Il posto finisce con l'anno scolastico; la classe nuova è fra quelle del servizio.")


def _arrears(_item: WorkItem) -> str:
    return _("Il posto continuerebbe da solo, ma ci sono pagamenti scaduti e la tariffa ferma l'iscrizione.")


def _new_school(item: WorkItem) -> str:
    return _("Finisce la sua scuola e passa a: %(level)s.") % {"level": _level(item.facts)}


def _ending(item: WorkItem) -> str:
    if not item.facts.get("next_level"):
        return _("Il posto finisce: il bambino ha concluso le scuole.")
    text = _("Il posto finisce: il servizio non è previsto per la classe nuova (%(level)s).")
    return text % {"level": _level(item.facts)}


def _no_class(_item: WorkItem) -> str:
    return _("Ha un posto nel servizio ma non risulta in nessuna classe.")


def _diet(item: WorkItem) -> str:
    if item.facts["medical"]:
        return _("La dieta sanitaria vale fino al %(day)s.") % {"day": it_date(item.due_on)}
    return _("La dieta etico-religiosa vale fino al %(day)s.") % {"day": it_date(item.due_on)}


def _lapse(item: WorkItem) -> str:
    words = {"day": it_date(item.due_on), "now": money(Money(item.facts["with_cents"]))}
    after = item.facts["without_cents"]
    if after is None:
        return _("L'ISEE vale fino al %(day)s: senza, la tariffa (%(now)s) non si può calcolare.") % words
    text = _("L'ISEE vale fino al %(day)s: senza, la tariffa passa da %(now)s a %(after)s.")
    return text % {**words, "after": money(Money(after))}


def _siblings(item: WorkItem) -> str:
    facts: Mapping[str, Any] = item.facts  # the JSON of the row: numbers and words
    words = {
        "before": facts["rank_before"],
        "after": facts["rank_after"],
        "now": money(Money(facts["before_cents"])),
        "then": money(Money(facts["after_cents"])),
    }
    if facts["rank_before"] == facts["rank_after"]:
        return _("Cambia il numero dei figli che usano il servizio: la tariffa passa da %(now)s a %(then)s.") % words
    return _("Era il figlio n. %(before)s, diventa il n. %(after)s: la tariffa passa da %(now)s a %(then)s.") % words


def _level(facts: Mapping[str, Any]) -> str:
    return str(Level(facts["next_level"]).label)


_HAPPENS: Final[Mapping[WorkKind, Callable[[WorkItem], str]]] = {
    WorkKind.SECTION: _section,
    WorkKind.RENEWAL: _renewal,
    WorkKind.ARREARS: _arrears,
    WorkKind.NEW_SCHOOL: _new_school,
    WorkKind.ENDING: _ending,
    WorkKind.NO_CLASS: _no_class,
    WorkKind.DIET: _diet,
    WorkKind.ISEE: _lapse,
    WorkKind.SIBLINGS: _siblings,
}
