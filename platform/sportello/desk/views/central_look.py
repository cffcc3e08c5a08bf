"""The look of a Comune, as the central team sets it: colour with its contrast, coat of arms, contacts, links."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.desk import municipal_settings
from sportello.desk.central_forms import (
    BrandingForm,
    CoatOfArmsForm,
    FooterLinks,
    initial_branding,
    initial_links,
    read_branding,
)
from sportello.desk.views.look import image_response
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.ui.theme import AA_CONTRAST, contrast, theme_css
from tenants.branding import COLOUR, nearest_readable, read_coat_of_arms
from tenants.models import Municipality


@require_http_methods(["GET", "POST"])
@role_required(Role.CENTRAL)
def look(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """The form of the look; `preview` shows a colour without storing anything."""
    found = _find(belfiore)
    posted = request.POST if request.method == "POST" else None
    form = BrandingForm(posted, initial=initial_branding(found))
    links = FooterLinks(posted, initial=initial_links(found), prefix="links")
    preview = request.POST.get("action") == "preview"
    if posted is not None and form.is_valid() and links.is_valid() and not preview:
        municipal_settings.change_branding(
            municipality=found, look=read_branding(form, links), actor=request.user, now=clock.now()
        )
        messages.success(request, _("Aspetto aggiornato: le pagine del Comune lo mostrano da subito."))
        return HttpResponseRedirect(reverse("central:look", args=[found.belfiore_code]))
    return _page(request, found, form=form, links=links, preview=preview)


@require_POST
@role_required(Role.CENTRAL)
def coat_of_arms(request: IdentifiedRequest, belfiore: str) -> HttpResponse:
    """Stores the coat of arms."""
    found = _find(belfiore)
    form = CoatOfArmsForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            municipal_settings.change_coat_of_arms(
                municipality=found, content=upload.read(), actor=request.user, now=clock.now()
            )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("Stemma aggiornato."))
            return HttpResponseRedirect(reverse("central:look", args=[found.belfiore_code]))
    return _page(request, found, image_form=form)


@require_GET
@role_required(Role.CENTRAL)
def image(_request: IdentifiedRequest, belfiore: str, name: str) -> HttpResponse:
    """The coat of arms, for the central team's own page."""
    kept = read_coat_of_arms(_find(belfiore), name)
    if kept is None:
        raise Http404
    return image_response(*kept)


@require_GET
@role_required(Role.CENTRAL)
def preview_css(request: IdentifiedRequest) -> HttpResponse:
    """The colours of a preview, for the element `.theme-preview` alone: a style in the page would break the CSP."""
    colour = f"#{request.GET.get('colour', '').lower()}"
    if COLOUR.fullmatch(colour) is None:
        raise Http404
    return HttpResponse(theme_css(colour).replace(":root", ".theme-preview", 1), content_type="text/css; charset=utf-8")


def _find(belfiore: str) -> Municipality:
    found: Municipality = get_object_or_404(Municipality.objects.all(), belfiore_code=belfiore.upper())
    return found


def _page(request: HttpRequest, found: Municipality, **given: Any) -> HttpResponse:  # Any: forms and a flag
    context: dict[str, Any] = {
        "subject": found,
        "form": BrandingForm(initial=initial_branding(found)),
        "links": FooterLinks(initial=initial_links(found), prefix="links"),
        "image_form": CoatOfArmsForm(),
        "image_name": str(found.coat_of_arms).rpartition("/")[2],
        "preview": False,
        **given,
    }
    context |= _colour(context["form"], found)
    wrong = any(bool(part.errors) for part in (context["form"], context["image_form"])) or not _sound(context["links"])
    context["has_errors"] = wrong
    return render(request, "central/look.html", context, status=422 if wrong else 200)


def _sound(links: Any) -> bool:  # Any: a formset, whose class is made at import
    return not links.is_bound or links.is_valid()


def _colour(form: BrandingForm, found: Municipality) -> dict[str, Any]:
    """What the page says of the colour in the form: its contrast, and a darker one when that is too low."""
    typed = str(form["colour"].value() or "").strip().lower()
    colour = typed if COLOUR.fullmatch(typed) else found.colour
    ratio = contrast(colour, "#ffffff")
    suggestion = "" if ratio >= AA_CONTRAST else nearest_readable(colour)
    return {"shown_colour": suggestion or colour, "suggestion": suggestion, "ratio": ratio}
