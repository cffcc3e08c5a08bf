"""Settings of the public API: REST framework and its OpenAPI document."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "sportello.config.api_paging.Paging",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": "600/min"},
    "EXCEPTION_HANDLER": "sportello.config.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Sportello Scuola",
    "DESCRIPTION": "Catalogo pubblico, in sola lettura, dei servizi scolastici di un Comune: servizi, finestre di "
    "iscrizione, tariffe in vigore con i loro atti, scuole, calendari.",
    "VERSION": "1.0.0",
    "CONTACT": {"name": "Sportello Scuola", "url": "https://example.org/sportello-scuola", "email": "api@example.org"},
    "TOS": "https://example.org/sportello-scuola/condizioni",
    "LICENSE": {"name": "EUPL-1.2", "url": "https://joinup.ec.europa.eu/collection/eupl/eupl-text-eupl-12"},
    "SERVERS": [{"url": "/", "description": "L'indirizzo del Comune"}],
    "TAGS": [
        {"name": "Stato", "description": "Se l'API risponde"},
        {"name": "Servizi", "description": "Che cosa offre il Comune"},
        {"name": "Scuole", "description": "Le scuole del Comune"},
    ],
    "EXTENSIONS_INFO": {
        "x-summary": "Catalogo pubblico dei servizi scolastici comunali",
        "x-api-id": "0d7c2b1e-5d0e-4c5b-9d5e-2f6f2d2f7a11",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "sportello.config.openapi.meet_guidelines",
    ],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SORT_OPERATIONS": True,
}
