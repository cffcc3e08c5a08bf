"""Checks on people, on what the law asks to show, and on how the Comune looks."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from integrations.spid_cie.models import EntityState, IdentityScheme, SamlEntity
from onboarding.golive.check import Asked, Check, Cure, Finding, Where, fails, passes
from onboarding.golive.loads import last_change
from onboarding.golive.models import Rehearsal
from onboarding.training.queries import administrators_trained
from sportello.accounts.models import Role, RoleGrant
from sportello.schools.models import School, Section, StaffScope
from tenants.current import PUBLIC, in_schema

REHEARSED_WITHIN_DAYS = 30


def _central(name: str, asked: Asked, words: object, *args: object) -> Cure:
    path = reverse(name, args=[asked.municipality.belfiore_code, *args], urlconf="sportello.config.urls_central")
    return Cure(Where.CENTRAL, path, str(words))


def _here(name: str, words: object) -> Cure:
    return Cure(Where.COMUNE, reverse(name, urlconf="sportello.config.urls_municipality"), str(words))


def administrator_is_trained(asked: Asked) -> Finding:
    """At least one administrator has done every exercise of hers."""
    trained = administrators_trained(asked.municipality, asked.today)
    cure = _here("training:mine", _("Apri la formazione"))
    if not trained:
        return fails(_("Nessun amministratore ha finito i suoi esercizi."), cure)
    text = ngettext(
        "%(n)d amministratore ha finito gli esercizi.", "%(n)d amministratori hanno finito gli esercizi.", trained
    )
    return passes(text % {"n": trained}, cure)


def identity_is_open(asked: Asked) -> Finding:
    """SPID and CIE stand in production for this Comune: the law admits no other way in."""
    with in_schema(PUBLIC):
        entities = SamlEntity.objects.filter(municipality__pk=asked.municipality.pk, state=EntityState.PRODUCTION)
        open_schemes = set(entities.order_by("scheme").values_list("scheme", flat=True))
    missing = [scheme for scheme in IdentityScheme.values if scheme not in open_schemes]
    cure = _central("central:identity", asked, _("Apri l'identità digitale"), missing[0] if missing else "spid")
    if missing:
        names = ", ".join(scheme.upper() for scheme in missing)
        return fails(_("Non ancora in esercizio: %(names)s.") % {"names": names}, cure)
    return passes(_("SPID e CIE sono in esercizio."), cure)


def privacy_is_told(asked: Asked) -> Finding:
    """The address of the privacy notice stands in the footer (GDPR art. 13)."""
    return _address(asked, asked.municipality.privacy_url, _("Manca l'indirizzo dell'informativa privacy."))


def accessibility_is_declared(asked: Asked) -> Finding:
    """The address of the accessibility declaration stands in the footer (L. 4/2004, AgID guidelines)."""
    missing = _("Manca l'indirizzo della dichiarazione di accessibilità.")
    return _address(asked, asked.municipality.accessibility_declaration_url, missing)


def legal_notes_are_there(asked: Asked) -> Finding:
    """The legal notes, which the model of AgID's sites shows in the footer."""
    return _address(asked, asked.municipality.legal_notes_url, _("Manca l'indirizzo delle note legali."))


def _address(asked: Asked, address: str, missing: str) -> Finding:
    cure = _central("central:look", asked, _("Apri aspetto e contatti"))
    return passes(address, cure) if address else fails(missing, cure)


def contacts_are_there(asked: Asked) -> Finding:
    """Families know where to write and whom to call."""
    comune = asked.municipality
    cure = _central("central:look", asked, _("Apri aspetto e contatti"))
    wanted = ((comune.contacts_email, _("email")), (comune.contacts_phone, _("telefono")))
    missing = [str(name) for value, name in wanted if not value]
    if missing:
        return fails(_("Mancano i contatti dell'ufficio: %(names)s.") % {"names": ", ".join(missing)}, cure)
    return passes(f"{comune.contacts_email}, {comune.contacts_phone}", cure)


def branding_is_set(asked: Asked) -> Finding:
    """The coat of arms is there: without it a page does not look like the Comune's."""
    cure = _central("central:look", asked, _("Apri aspetto e contatti"))
    if not asked.municipality.coat_of_arms:
        return fails(_("Manca lo stemma del Comune."), cure)
    return passes(_("Stemma e colore sono scelti."), cure)


def somebody_approves(asked: Asked) -> Finding:
    """Who proposes a fee does not approve it: one administrator alone cannot change any."""
    holders = RoleGrant.objects.filter(
        role=Role.ADMINISTRATOR, valid_during__contains=asked.today, account__is_active=True
    )
    count = holders.order_by().values("account").distinct().count()
    cure = _here("staff:list", _("Apri il personale"))
    if count < 2:
        return fails(_("Serve un secondo amministratore: chi propone una tariffa non la approva."), cure)
    return passes(_("Gli amministratori sono %(n)d.") % {"n": count}, cure)


def schools_have_somebody(asked: Asked) -> Finding:
    """Each school with classes has somebody who can call the roll."""
    classes = Section.objects.filter(school=OuterRef("pk"))
    people = StaffScope.objects.filter(school=OuterRef("pk"), valid_during__contains=asked.today)
    without = School.objects.filter(Exists(classes), ~Exists(people), is_active=True).count()
    cure = _here("staff:list", _("Apri il personale"))
    if without:
        text = ngettext(
            "In %(n)d scuola nessuno può fare l'appello.", "In %(n)d scuole nessuno può fare l'appello.", without
        )
        return fails(text % {"n": without}, cure)
    return passes(_("In ogni scuola con classi qualcuno può fare l'appello."), cure)


def rehearsal_went_well(asked: Asked) -> Finding:
    """The last rehearsal passed, is recent, and came after the last load. It is done on the page of the checks."""
    last = Rehearsal.objects.exclude(finished_at=None).order_by("-finished_at", "-pk").first()
    if last is None or last.finished_at is None:
        return fails(_("La prova sulla copia non è stata fatta."))
    if not last.passed:
        return fails(_("L'ultima prova sulla copia non è riuscita."))
    changed = last_change()
    if changed is not None and changed > last.finished_at:
        return fails(_("Dopo l'ultima prova è stato caricato o annullato un elenco: rifai la prova."))
    if (asked.now - last.finished_at).days >= REHEARSED_WITHIN_DAYS:
        text = _("L'ultima prova ha più di %(days)d giorni: rifalla.")
        return fails(text % {"days": REHEARSED_WITHIN_DAYS})
    return passes(_("L'ultima prova sulla copia è riuscita."))


PEOPLE_CHECKS = (
    Check("training", gettext_lazy("Un amministratore formato"), administrator_is_trained),
    Check("identity", gettext_lazy("Accesso con SPID e CIE"), identity_is_open, legal=True),
    Check("privacy", gettext_lazy("Informativa privacy"), privacy_is_told, legal=True),
    Check("accessibility", gettext_lazy("Dichiarazione di accessibilità"), accessibility_is_declared, legal=True),
    Check("contacts", gettext_lazy("Contatti dell'ufficio"), contacts_are_there),
    Check("branding", gettext_lazy("Stemma e colore"), branding_is_set),
    Check("rehearsal", gettext_lazy("Prova dell'avvio su una copia"), rehearsal_went_well),
    Check("legal-notes", gettext_lazy("Note legali"), legal_notes_are_there, blocking=False),
    Check("second-administrator", gettext_lazy("Due amministratori"), somebody_approves, blocking=False),
    Check("schools", gettext_lazy("Chi fa l'appello"), schools_have_somebody, blocking=False),
)
