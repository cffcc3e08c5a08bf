"""How easy was it: stars, then reasons and a comment. Nobody's name is kept."""

from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from services_catalog.models import Service
from sportello.accounts.limiting import limited
from sportello.accounts.throttling import Bucket
from sportello.applications.rating import rate_service
from sportello.kernel import clock


class RatingForm(forms.Form):
    rating = forms.TypedChoiceField(choices=[(str(value), str(value)) for value in range(1, 6)], coerce=int)
    reasons = forms.TypedMultipleChoiceField(
        choices=[(str(value), str(value)) for value in range(1, 6)], coerce=int, required=False
    )
    comment = forms.CharField(max_length=200, required=False)


RATINGS: Final = Bucket("rating", 30, 60 * 60)  # a school on one address may rate too


@require_POST
@limited(RATINGS)
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """Stars lead to the reasons that fit them; the reasons close the rating."""
    service = get_object_or_404(Service, code=code)
    form = RatingForm(request.POST)
    if not form.is_valid():
        return render(request, "applications/rating.html", {"service": service, "stage": "stars"}, status=422)
    if "comment" not in request.POST:
        context = {"service": service, "stage": "reasons", "rating": form.cleaned_data["rating"]}
        return render(request, "applications/rating.html", context)
    rate_service(service=service, today=clock.today(), **form.cleaned_data)
    messages.success(request, _("Grazie: la tua valutazione ci aiuta a migliorare."))
    return redirect("desk:service", code=code)
