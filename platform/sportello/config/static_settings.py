"""How static files are kept: raw while developing, with hashed names in the demo, compressed too in production."""


def static_storage(*, served_raw: bool, demo: bool) -> str:
    """The storage class. The demo is served to one laptop: compressing would only make its first start wait."""
    if served_raw:
        return "django.contrib.staticfiles.storage.StaticFilesStorage"
    if demo:
        return "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    return "whitenoise.storage.CompressedManifestStaticFilesStorage"
