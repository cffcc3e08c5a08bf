"""How INPS is reached, from the environment (docs/configuration.md). Secrets are named, never held."""

from typing import Any

import environ


def inps_isee(env: environ.Env, *, simulated: bool) -> dict[str, Any]:
    """The settings of the connector; where the demonstration or the tests run a simulator answers, elsewhere nobody."""
    return {
        "mode": env.str("INPS_ISEE", default="simulator" if simulated else "off"),
        "endpoint": env.str("INPS_ISEE_ENDPOINT", default="https://api.inps.it/pdnd/soap/ConsultazioneISEE/v1"),
        "user": env.str("INPS_ISEE_USER", default="sportello"),
        "office": env.str("INPS_ISEE_OFFICE", default="001"),
        "daily_limit": env.int("INPS_ISEE_DAILY_LIMIT", default=1000),
        "timeout_seconds": env.float("INPS_ISEE_TIMEOUT", default=15.0),
        "certificate_secret": env.str("INPS_ISEE_CERTIFICATE_SECRET", default=""),
        "token_url": env.str("PDND_TOKEN_URL", default="https://auth.interop.pagopa.it/token.oauth2"),
        "audience": env.str("PDND_AUDIENCE", default="auth.interop.pagopa.it/client-assertion"),
        "client_id": env.str("INPS_ISEE_PDND_CLIENT_ID", default=""),
        "purpose_id": env.str("INPS_ISEE_PDND_PURPOSE_ID", default=""),
        "key_id": env.str("INPS_ISEE_PDND_KEY_ID", default=""),
        "key_secret": env.str("INPS_ISEE_PDND_KEY_SECRET", default="INPS_ISEE_PDND_KEY"),
        "simulated": env.dict("INPS_ISEE_SIMULATED", default={}),
    }
