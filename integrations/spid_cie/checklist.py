"""What AgID and the Ministry ask of a Comune before people may enter: steps as data, in the order of the work.

Sources: AgID, SPID technical rules and Avvisi 19, 22, 23, 28, 29; Determinazioni 80/2018 and 75/2023 on aggregators;
the Ministry's manual for federating with CIE (federation portal, preproduction and production).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.spid_cie.models import IdentityScheme, Mode, SamlEntity

ALL_MODES: Final = frozenset(Mode)
FEDERATED: Final = frozenset({Mode.AG_FULL, Mode.DIRECT})
AGID: Final = "https://www.agid.gov.it/it/piattaforme/spid"
CIE_PORTAL: Final = "https://federazione.servizicie.interno.gov.it"


class Document(StrEnum):
    """What the product makes for a step."""

    NONE = ""
    METADATA = "metadata"
    CERTIFICATE = "certificate"
    SHEET = "sheet"
    PICTURES = "pictures"
    CONFORMANCE = "conformance"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `again`: it must be done anew when what is published in the metadata changes."""

    key: str
    title: str | Promise
    text: str | Promise
    who: str | Promise
    link: str = ""
    document: Document = Document.NONE
    modes: frozenset[Mode] = ALL_MODES
    again: bool = False


CITY: Final = _("Città metropolitana")
COMUNE: Final = _("Comune")
SPID_STEPS: Final = (
    Step(
        "aggregator_agreement",
        _("Convenzione di aggregatore firmata"),
        _(
            "La Città metropolitana firma con AgID la convenzione per gli aggregatori di servizi pubblici "
            "(Determinazioni 80/2018 e 75/2023). Vale per tutti i Comuni: si fa una volta."
        ),
        CITY,
        AGID,
        modes=frozenset({Mode.AG_FULL}),
    ),
    Step(
        "mandate",
        _("Adesione del Comune all'aggregatore"),
        _("Il Comune incarica la Città metropolitana con un atto: il titolare dei dati resta il Comune."),
        COMUNE,
        modes=frozenset({Mode.AG_FULL}),
    ),
    Step(
        "agreement",
        _("Convenzione con AgID firmata dal Comune"),
        _("Il legale rappresentante firma la convenzione per le pubbliche amministrazioni e la manda ad AgID."),
        COMUNE,
        AGID,
        modes=frozenset({Mode.DIRECT}),
    ),
    Step(
        "gateway_agreement",
        _("Accordo con l'ente del gateway"),
        _("L'ente che gestisce il gateway accetta il Comune e ci dà i metadati del suo gestore di identità."),
        COMUNE,
        modes=frozenset({Mode.GATEWAY}),
    ),
    Step(
        "ipa_referent",
        _("Referente nell'IPA"),
        _("Il Comune controlla nell'Indice delle pubbliche amministrazioni il proprio codice, il nome e il referente."),
        COMUNE,
        "https://indicepa.gov.it",
    ),
    Step(
        "certificate",
        _("Chiave e certificato"),
        _("La chiave si crea in questa pagina; il certificato ha la forma dell'Avviso SPID 29."),
        CITY,
        document=Document.CERTIFICATE,
        modes=FEDERATED,
        again=True,
    ),
    Step(
        "notices",
        _("Avvisi 22 e 23 confrontati"),
        _("Prima dell'invio si rileggono gli Avvisi SPID 22 e 23 e si confrontano con i metadati e il certificato."),
        CITY,
        AGID,
        modes=FEDERATED,
    ),
    Step(
        "conformance",
        _("Prove di conformità superate"),
        _("spid-sp-test passa tutte le prove su metadati, richieste e risposte: il rapporto si allega alla domanda."),
        CITY,
        document=Document.CONFORMANCE,
        modes=FEDERATED,
        again=True,
    ),
    Step(
        "metadata_sent",
        _("Metadati inviati"),
        _("Si manda ad AgID (o all'ente del gateway) l'indirizzo dei metadati, con la scheda tecnica."),
        CITY,
        document=Document.METADATA,
        again=True,
    ),
    Step(
        "acceptance",
        _("Collaudo tecnico superato"),
        _("AgID prova l'accesso. Si mandano le immagini della pagina di accesso e degli errori 19-25 e 30."),
        _("AgID"),
        "https://validator.spid.gov.it",
        document=Document.PICTURES,
        modes=FEDERATED,
        again=True,
    ),
    Step(
        "publication",
        _("Pubblicazione nel registro"),
        _("AgID pubblica l'ente nel registro SPID; i gestori lo leggono entro un giorno lavorativo."),
        _("AgID"),
        "https://registry.spid.gov.it",
        modes=FEDERATED,
        again=True,
    ),
)
CIE_STEPS: Final = (
    Step(
        "portal_registration",
        _("Registrazione al portale di federazione"),
        _("Il Comune sceglie il referente nel portale e indica la Città metropolitana come partner tecnologico."),
        COMUNE,
        CIE_PORTAL,
    ),
    Step(
        "ipa_referent",
        _("Referente nell'IPA"),
        _("Il Comune controlla nell'Indice delle pubbliche amministrazioni il proprio codice, il nome e il referente."),
        COMUNE,
        "https://indicepa.gov.it",
    ),
    Step(
        "preproduction",
        _("Metadati caricati in preproduzione"),
        _("Nel portale si caricano i metadati e la scheda tecnica e si chiede la federazione in preproduzione."),
        CITY,
        CIE_PORTAL,
        document=Document.METADATA,
        again=True,
    ),
    Step(
        "conformance",
        _("Prove di conformità superate"),
        _("spid-sp-test passa tutte le prove del profilo CIE: il rapporto si conserva."),
        CITY,
        document=Document.CONFORMANCE,
        again=True,
    ),
    Step(
        "acceptance",
        _("Accesso provato in preproduzione"),
        _("Si provano carta e app CieID, poi si caricano le immagini dell'accesso e degli errori 1, 21, 22 e 25."),
        CITY,
        CIE_PORTAL,
        document=Document.PICTURES,
        again=True,
    ),
    Step(
        "production",
        _("Federazione in produzione"),
        _("Dal portale si chiede il passaggio in produzione; il Ministero lo conferma al referente."),
        _("Ministero dell'interno"),
        CIE_PORTAL,
        document=Document.SHEET,
        again=True,
    ),
)


def steps_of(scheme: str, mode: str) -> tuple[Step, ...]:
    """The steps that a scheme asks of who stands in it this way."""
    steps = CIE_STEPS if scheme == IdentityScheme.CIE else SPID_STEPS
    return tuple(step for step in steps if Mode(mode) in step.modes)


def missing_steps(entity: SamlEntity) -> list[Step]:
    """What is still to do, in order."""
    return [step for step in steps_of(entity.scheme, entity.mode) if step.key not in entity.steps_done]


def to_do_again(entity: SamlEntity) -> list[Step]:
    """The done steps that no longer hold once the published metadata change."""
    return [step for step in steps_of(entity.scheme, entity.mode) if step.again and step.key in entity.steps_done]
