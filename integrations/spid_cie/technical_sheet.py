"""The technical sheet of an entity: what AgID and the CIE portal ask for, on paper. Always in Italian."""

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from integrations.spid_cie.addresses import consumer_url, entity_id, logout_url, metadata_url
from integrations.spid_cie.models import IdentityScheme, Mode, SamlEntity
from integrations.spid_cie.saml.names import CIE_ATTRIBUTES, SPID_ATTRIBUTES
from integrations.spid_cie.standing import KeyUse, key_rows, step_rows
from sportello.kernel.clock import ROME
from sportello.ui.pdf import render_pdf

PURPOSES: Final[dict[str, str | Promise]] = {
    "spidCode": gettext_lazy("Richiesto dalle regole tecniche SPID; resta solo nel registro SAML, cifrato."),
    "name": gettext_lazy("Nome di chi presenta la domanda."),
    "familyName": gettext_lazy("Cognome di chi presenta la domanda."),
    "fiscalNumber": gettext_lazy("Riconoscere la persona e trovare i suoi figli e le sue domande."),
    "dateOfBirth": gettext_lazy("Verificare la maggiore età, o i 14 anni dove bastano."),
    "email": gettext_lazy("Proporre un indirizzo per gli avvisi, che la persona può cambiare."),
}


def technical_sheet(entity: SamlEntity, *, now: datetime) -> bytes:
    """A tagged PDF (PDF/UA-1): facts, addresses, attributes with their purposes, certificates, steps.

    The same facts on the same day give the same bytes. It holds nobody's private key and no citizen's data.
    """
    with override("it"):
        return render_pdf("technical_sheet.typ", _data(entity, now), made_at=_midnight(now))


def _data(entity: SamlEntity, now: datetime) -> dict[str, Any]:
    scheme = IdentityScheme(entity.scheme).label
    return {
        "title": _("Scheda tecnica %(scheme)s: %(name)s") % {"scheme": scheme, "name": entity.organization_name},
        "organization": entity.organization_name,
        "office": settings.SAML_AGGREGATOR["name"],
        "footer": _("Scheda tecnica del %(day)s") % {"day": f"{now.astimezone(ROME):%d/%m/%Y}"},
        "lang": "it",
        "sections": [
            [_("L'ente"), _facts(entity)],
            [_("Indirizzi"), _addresses(entity)],
            [_("Contatti"), _contacts(entity)],
        ],
        "attributes_heading": _("Attributi richiesti"),
        "attributes_head": [_("Attributo"), _("Finalità")],
        "attributes": [[name, str(PURPOSES[name])] for name in _attributes(entity)],
        "certificates_heading": _("Certificati"),
        "certificates": _certificates(entity, now),
        "no_certificates": _("L'ente non ha ancora una chiave."),
        "steps_heading": _("Elenco dei passi"),
        "steps_head": [_("Passo"), _("Fatto il")],
        "steps": [[str(row.step.title), f"{row.on:%d/%m/%Y}" if row.on else _("da fare")] for row in step_rows(entity)],
    }


def _facts(entity: SamlEntity) -> list[list[str]]:
    return [
        [_("Nome"), entity.organization_name],
        [_("Codice IPA"), entity.ipa_code],
        [_("Codice Belfiore"), entity.belfiore_code],
        [_("Sito"), entity.organization_url],
        [_("Sistema"), str(IdentityScheme(entity.scheme).label)],
        [_("Modalità"), str(Mode(entity.mode).label)],
        [_("Stato"), entity.get_state_display()],
        [_("Livello richiesto"), _("SPID 2 o superiore") if entity.scheme == IdentityScheme.SPID else _("CIE 3")],
    ]


def _addresses(entity: SamlEntity) -> list[list[str]]:
    pairs = [
        ["entityID", entity_id(entity)],
        [_("Metadati"), metadata_url(entity)],
        [_("Risposte (HTTP-POST)"), consumer_url()],
        [_("Chiusura della sessione (HTTP-Redirect)"), logout_url()],
    ]
    return [*pairs, ["Gateway", entity.gateway_entity_id]] if entity.mode == Mode.GATEWAY else pairs


def _contacts(entity: SamlEntity) -> list[list[str]]:
    partner = settings.SAML_AGGREGATOR
    role = _("Aggregatore") if entity.mode == Mode.AG_FULL else _("Partner tecnologico")
    return [
        [_("Email dell'ente"), entity.contact_email],
        [_("Telefono dell'ente"), entity.contact_phone],
        [role, f"{partner['name']} ({partner['ipa_code']})"],
        [_("Email"), partner["email"]],
        [_("Telefono"), partner["phone"]],
    ]


def _attributes(entity: SamlEntity) -> tuple[str, ...]:
    return CIE_ATTRIBUTES if entity.scheme == IdentityScheme.CIE else SPID_ATTRIBUTES


def _certificates(entity: SamlEntity, now: datetime) -> list[list[list[str]]]:
    published = [row for row in key_rows(entity, now) if row.use != KeyUse.RETIRED]
    return [
        [
            [_("Impronta SHA-256"), " ".join(_groups(row.key.fingerprint.upper()))],
            [_("Valido dal"), f"{row.key.valid_from.astimezone(ROME):%d/%m/%Y}"],
            [_("Valido fino al"), f"{row.key.valid_until.astimezone(ROME):%d/%m/%Y}"],
            [_("Uso"), _("firma") if row.use == KeyUse.SIGNS else _("pubblicato, non firma ancora")],
        ]
        for row in published
    ]


def _groups(fingerprint: str) -> list[str]:
    return [fingerprint[start : start + 8] for start in range(0, len(fingerprint), 8)]


def _midnight(now: datetime) -> datetime:
    return now.astimezone(ROME).replace(hour=0, minute=0, second=0, microsecond=0)
