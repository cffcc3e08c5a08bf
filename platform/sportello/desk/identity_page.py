"""The page of a Comune as service provider of SPID or CIE: what it shows, with the words for each state."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.spid_cie import standing
from integrations.spid_cie.addresses import entity_id, metadata_url
from integrations.spid_cie.models import EntityState, IdentityScheme, Mode, SamlEntity
from integrations.spid_cie.standing import KeyUse, Warned
from sportello.accounts.models import Account
from sportello.desk.identity_forms import DEEDS, ConfirmForm, EntityForm, StateForm, StepForm, initial_facts
from sportello.kernel import clock
from tenants.models import Municipality

STATE_TONES: Final = {EntityState.DRAFT: "neutral", EntityState.TESTING: "info", EntityState.PRODUCTION: "success"}
KEY_WORDS: Final = {
    KeyUse.SIGNS: ("success", _("firma")),
    KeyUse.PUBLISHED: ("info", _("pubblicata")),
    KeyUse.RETIRED: ("cancelled", _("ritirata")),
}
WARNINGS: Final[dict[Warned, tuple[str, str | Promise]]] = {
    Warned.NO_KEY: ("attention", _("L'ente non ha ancora una chiave: senza, nessuno può entrare.")),
    Warned.EXPIRED: ("danger", _("Il certificato è scaduto: comincia subito un cambio di chiave.")),
    Warned.EXPIRES: (
        "attention",
        _("Il certificato scade entro 60 giorni: comincia un cambio di chiave e manda i metadati nuovi."),
    ),
    Warned.NEW_ROUND: (
        "attention",
        _("I dati sono cambiati dopo la pubblicazione: rifai i passi rimasti aperti con AgID o con il Ministero."),
    ),
    Warned.NO_GATEWAY: (
        "attention",
        _("Il gateway non è ancora tra i gestori: chi amministra l'installazione carica i suoi metadati."),
    ),
    Warned.OTHER_NAME: (
        "attention",
        _("Il certificato porta un nome o un identificativo di prima: fai un cambio di chiave prima dell'invio."),
    ),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A Comune in a scheme; `entity` is None until it is registered."""

    municipality: Municipality
    scheme: IdentityScheme
    entity: SamlEntity | None


def find_subject(belfiore: str, scheme: str) -> Subject:
    """The Comune and its entity with its keys. Raises Http404."""
    if scheme not in IdentityScheme.values:
        raise Http404
    found: Municipality = get_object_or_404(Municipality.objects.all(), belfiore_code=belfiore.upper())
    held = SamlEntity.objects.filter(municipality=found, scheme=scheme)
    entity = held.select_related("municipality").prefetch_related("keys").first()
    return Subject(found, IdentityScheme(scheme), entity)


def registered(belfiore: str, scheme: str) -> SamlEntity:
    """The entity. Raises Http404 before it is registered."""
    entity = find_subject(belfiore, scheme).entity
    if entity is None:
        raise Http404
    return entity


def entity_form(subject: Subject, data: Any = None) -> EntityForm:
    """The form of the facts; a new entity begins with what is known of the Comune."""
    entity = subject.entity
    in_production = entity is not None and entity.state == EntityState.PRODUCTION
    initial = initial_facts(entity) if entity else _known(subject)
    return EntityForm(data, scheme=subject.scheme, asks=in_production, initial=initial)


def show(request: HttpRequest, subject: Subject, *, failed: bool = False, **given: Any) -> HttpResponse:
    """The page; `given` holds the form that was refused: `form`, `state_form`, `key_forms` or `step_forms`."""
    entity, now = subject.entity, clock.now()
    context: dict[str, Any] = {
        "subject": subject.municipality,
        "scheme": subject.scheme,
        "schemes": IdentityScheme.choices,
        "entity": entity,
        "entity_form": entity_form(subject),
        **(_standing(entity, now) if entity else {}),
    }
    bound = [form for form in _flat(given.values()) if form.errors]
    context |= {**(_forms(entity, given) if entity else given)}
    context |= {"form": bound[0] if bound else None, "has_errors": failed or bool(bound)}
    return render(request, "central/identity.html", context, status=422 if failed or bound else 200)


def key_rows(entity: SamlEntity, now: datetime) -> list[dict[str, Any]]:
    """The keys with the words of the table."""
    return [
        {"key": row.key, "expires_soon": row.expires_soon, "tone": KEY_WORDS[row.use][0], "use": KEY_WORDS[row.use][1]}
        for row in standing.key_rows(entity, now)
    ]


def _known(subject: Subject) -> dict[str, Any]:
    municipality = subject.municipality
    return {
        "mode": Mode.DIRECT if subject.scheme == IdentityScheme.CIE else Mode.AG_FULL,
        "organization_name": f"Comune di {municipality.name}",
        "contact_email": municipality.contacts_email,
        "belfiore_code": municipality.belfiore_code,
    }


def _standing(entity: SamlEntity, now: datetime) -> dict[str, Any]:
    done, total = standing.steps_count(entity)
    return {
        "state_tone": STATE_TONES[EntityState(entity.state)],
        "entity_id": entity_id(entity),
        "metadata_url": metadata_url(entity),
        "warnings": [WARNINGS[warned] for warned in standing.warnings_of(entity, now)],
        "keys": key_rows(entity, now),
        "has_key": standing.expiry_of(entity, now) is not None,
        "rollover": standing.rollover_of(entity),
        "steps_done": done,
        "steps_total": total,
    }


def _forms(entity: SamlEntity, given: dict[str, Any]) -> dict[str, Any]:
    """Fresh forms for what can be done, but those that came back with errors."""
    keys, steps = given.pop("key_forms", {}), given.pop("step_forms", {})
    rows = standing.step_rows(entity)
    accounts = Account.objects.in_bulk({row.by for row in rows if row.by is not None})
    return {
        "state_form": StateForm(current=entity.state),
        "key_forms": {deed: ConfirmForm(deed=deed) for deed in DEEDS} | keys,
        "steps": [
            {
                "row": row,
                "form": steps.get(row.step.key)
                or StepForm(auto_id=f"{row.step.key}_%s", initial={"on": clock.today()}),
                "by": accounts[row.by].full_name if row.by in accounts else "",
            }
            for row in rows
        ],
        **given,
    }


def _flat(values: Any) -> list[forms.Form]:
    found: list[forms.Form] = []
    for value in values:
        found += _flat(value.values()) if isinstance(value, dict) else [value]
    return found
