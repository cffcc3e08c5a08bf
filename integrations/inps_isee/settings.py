"""What a Comune sets to reach INPS. Secrets are named here and read elsewhere (`integrations.named_secrets`)."""

from typing import Annotated, Final

from msgspec import Meta, field

from integrations.typed_settings import Settings
from sportello.kernel.errors import gettext_noop

ENDPOINT: Final = "https://api.inps.it/pdnd/soap/ConsultazioneISEE/v1"
TOKENS: Final = "https://auth.interop.pagopa.it/token.oauth2"
AUDIENCE: Final = "auth.interop.pagopa.it/client-assertion"
type Registered = Annotated[str, Meta(min_length=1, max_length=100)]


class Common(Settings, frozen=True, kw_only=True):
    """What every adapter has: in whose name INPS is asked, and how often."""

    user: Annotated[
        str, Meta(min_length=1, max_length=60, title=gettext_noop("Chi chiede, quando non chiede un operatore"))
    ] = "sportello"
    office: Annotated[str, Meta(min_length=1, max_length=20, title=gettext_noop("Codice dell'ufficio per INPS"))] = (
        "001"
    )
    daily_limit: Annotated[
        int,
        Meta(
            ge=0,
            title=gettext_noop("Domande in un giorno"),
            description=gettext_noop("Lo dice INPS con l'accordo: le altre aspettano il giorno dopo."),
        ),
    ] = 1000


class PdndSettings(Common, frozen=True, kw_only=True):
    """The service of INPS with the voucher of PDND. The secret of the connector is the PEM of the RSA key `key_id`."""

    client_id: Annotated[Registered, Meta(title=gettext_noop("Client registrato su PDND"))]
    purpose_id: Annotated[Registered, Meta(title=gettext_noop("Finalità registrata su PDND"))]
    key_id: Annotated[Registered, Meta(title=gettext_noop("Chiave registrata su PDND"))]
    certificate_name: Annotated[
        str,
        Meta(
            pattern=r"^([a-z0-9][a-z0-9-]{0,62})?$",
            title=gettext_noop("Nome del segreto con certificato e chiave"),
            description=gettext_noop("Solo se INPS lo chiede: un PEM con il certificato e la chiave."),
        ),
    ] = ""
    endpoint: Annotated[str, Meta(max_length=300, title=gettext_noop("Indirizzo del servizio"))] = ENDPOINT
    token_url: Annotated[str, Meta(max_length=300, title=gettext_noop("Indirizzo dei voucher di PDND"))] = TOKENS
    audience: Annotated[str, Meta(max_length=200, title=gettext_noop("Destinatario dei voucher"))] = AUDIENCE
    seconds: Annotated[int, Meta(ge=1, le=60, title=gettext_noop("Secondi di attesa"))] = 15


class SimulatorSettings(Common, frozen=True, kw_only=True):
    """How the simulator answers, by fiscal code; "*" stands for everybody else."""

    answers: Annotated[
        dict[str, str],
        Meta(
            title=gettext_noop("Risposte"),
            description=gettext_noop('In TOML, per codice fiscale o "*" per tutti: "*" = "minors:9120.00".'),
        ),
    ] = field(default_factory=dict)
