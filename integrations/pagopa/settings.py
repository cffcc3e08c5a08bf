"""What is set to reach pagoPA. Keys are named here and read elsewhere (`integrations.named_secrets`)."""

from typing import Annotated, Final

from msgspec import Meta

from integrations.typed_settings import Settings
from sportello.kernel.errors import gettext_noop

PLATFORM: Final = "https://api.platform.pagopa.it"
type Name = Annotated[str, Meta(pattern=r"^([a-z0-9][a-z0-9-]{0,62})?$")]
type Address = Annotated[str, Meta(max_length=300)]


class Common(Settings, frozen=True, kw_only=True):
    """What every way has."""

    seconds: Annotated[int, Meta(ge=1, le=60, title=gettext_noop("Secondi di attesa"))] = 10


class PlatformSettings(Common, frozen=True, kw_only=True):
    """The services of the platform. PagoPA gives a key for each product (P5): the connector's secret is the one for
    positions, the others may be named.
    """

    base: Annotated[
        Address,
        Meta(
            title=gettext_noop("Indirizzo della piattaforma"),
            description=gettext_noop("In collaudo: https://api.uat.platform.pagopa.it."),
        ),
    ] = PLATFORM
    flows_key: Annotated[Name, Meta(title=gettext_noop("Nome del segreto con la chiave dei flussi (FdR)"))] = ""
    receipts_key: Annotated[Name, Meta(title=gettext_noop("Nome del segreto con la chiave delle ricevute"))] = ""
    checkout_key: Annotated[Name, Meta(title=gettext_noop("Nome del segreto con la chiave di Checkout"))] = ""


class MyPaySettings(Common, frozen=True, kw_only=True):
    """MyPay of the Region (P46). The secret of the connector is the password of the web service."""

    url: Annotated[Address, Meta(title=gettext_noop("Indirizzo del servizio web"))]
    institution_code: Annotated[
        str, Meta(min_length=1, max_length=35, title=gettext_noop("Codice IPA del Comune su MyPay"))
    ]
    kinds: Annotated[
        dict[str, str],
        Meta(
            title=gettext_noop("Tipi di dovuto"),
            description=gettext_noop('In TOML, per codice della tassonomia: "9/0107101TS/" = "MENSA".'),
        ),
    ]
    base: Annotated[Address, Meta(title=gettext_noop("Indirizzo della piattaforma"))] = PLATFORM
    checkout_key: Annotated[
        Name,
        Meta(
            title=gettext_noop("Nome del segreto con la chiave di Checkout"),
            description=gettext_noop("Se il Comune ne ha una: senza, si paga dall'avviso."),
        ),
    ] = ""


class SimulatorSettings(Common, frozen=True, kw_only=True):
    """The simulator of the Node on its own host."""
