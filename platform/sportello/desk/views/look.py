"""The look of a Comune, for everybody: its style sheet and its coat of arms, at addresses that change with them."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sportello.ui.theme import theme_css
from tenants.branding import read_coat_of_arms, theme_name
from tenants.current import current_municipality

FOR_EVER: Final = "public, max-age=31536000, immutable"


@require_GET
def theme(_request: HttpRequest, name: str) -> HttpResponse:
    """The colours of the Comune; kept for ever under their own name.

    A page drawn before a change asks by the old name: it gets the colours of today, and nobody keeps them under it.
    """
    found = current_municipality()
    response = HttpResponse(theme_css(found.colour), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = FOR_EVER if name == theme_name(found) else "no-store"
    return response


@require_GET
def coat_of_arms(_request: HttpRequest, name: str) -> HttpResponse:
    """The coat of arms in use."""
    kept = read_coat_of_arms(current_municipality(), name)
    if kept is None:
        raise Http404
    return image_response(*kept)


def image_response(content: bytes, media_type: str) -> HttpResponse:
    """An image that came from outside: shown as an image and as nothing else."""
    response = HttpResponse(content, content_type=media_type)
    response["Cache-Control"] = FOR_EVER
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
