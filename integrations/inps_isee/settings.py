"""How a Comune reaches INPS. Secrets are named here and read elsewhere (`named_secrets`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.conf import settings


class Mode(StrEnum):
    """Who answers."""

    OFF = "off"
    SIMULATOR = "simulator"
    PDND = "pdnd"


@dataclass(frozen=True, slots=True)
class VoucherSettings:
    """Where a PDND voucher is got, and as whom. `key_secret` names the PEM of the RSA key registered as `key_id`."""

    token_url: str = "https://auth.interop.pagopa.it/token.oauth2"  # noqa: S105 -- an address
    audience: str = "auth.interop.pagopa.it/client-assertion"
    client_id: str = ""
    purpose_id: str = ""
    key_id: str = ""
    key_secret: str = "INPS_ISEE_PDND_KEY"  # noqa: S105 -- the name of a secret


@dataclass(frozen=True, slots=True)
class InpsIseeSettings:
    """All that the connector needs to know. `certificate_secret` names a PEM with chain and key; "" = no mutual TLS.

    `simulated` tells the simulator how to answer, by fiscal code; "*" stands for everybody else.
    """

    mode: Mode = Mode.OFF
    endpoint: str = "https://api.inps.it/pdnd/soap/ConsultazioneISEE/v1"
    user: str = "sportello"
    office: str = "001"
    daily_limit: int = 1000
    timeout_seconds: float = 15.0
    certificate_secret: str = ""
    voucher: VoucherSettings = VoucherSettings()
    simulated: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_on(self) -> bool:
        """Whether anybody answers at all."""
        return self.mode != Mode.OFF


def settings_of_comune() -> InpsIseeSettings:
    """The settings of the current Comune: today the same for all, from the environment.

    The one place to change when each Comune keeps its connectors in a registry.
    """
    told = settings.INPS_ISEE
    return InpsIseeSettings(
        mode=Mode(told["mode"]),
        endpoint=told["endpoint"],
        user=told["user"],
        office=told["office"],
        daily_limit=told["daily_limit"],
        timeout_seconds=told["timeout_seconds"],
        certificate_secret=told["certificate_secret"],
        voucher=VoucherSettings(
            token_url=told["token_url"],
            audience=told["audience"],
            client_id=told["client_id"],
            purpose_id=told["purpose_id"],
            key_id=told["key_id"],
            key_secret=told["key_secret"],
        ),
        simulated=told["simulated"],
    )
