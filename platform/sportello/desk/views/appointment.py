"""Booking an appointment with an office, from any page (C.SE.2.2)."""

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services_catalog.models import Service
from sportello.accounts.limiting import limited
from sportello.accounts.models import Account
from sportello.accounts.throttling import Bucket
from sportello.applications.appointments import request_appointment
from sportello.applications.calls import Call, calls_on
from sportello.applications.models import AppointmentSlot
from sportello.kernel import clock
from sportello.ui.fields import DateField

FARTHEST = timedelta(days=90)


class AppointmentForm(forms.Form):
    """Office, day and hours, topic and reason, own contacts: what the criterion asks for."""

    office = forms.ChoiceField(label=gettext_lazy("Ufficio"))
    topic = forms.ChoiceField(label=gettext_lazy("Argomento"))
    day = DateField(
        label=gettext_lazy("Giorno"),
        help_text=gettext_lazy("Dal lunedì al venerdì, da domani."),
        error_messages={"required": gettext_lazy("Scegli un giorno.")},
    )
    slot = forms.ChoiceField(
        label=gettext_lazy("Orario"),
        choices=AppointmentSlot.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Scegli un orario.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Motivo"),
        help_text=gettext_lazy("Non scrivere dati sulla salute: ne parlerai di persona."),
        max_length=500,
        error_messages={"required": gettext_lazy("Scrivi perché vuoi un appuntamento.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    name = forms.CharField(
        label=gettext_lazy("Nome e cognome"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(label=gettext_lazy("Email"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    phone = forms.CharField(
        label=gettext_lazy("Telefono"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def __init__(self, calls: list[Call], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        offices = list(dict.fromkeys(call.content.procedure.office for call in calls))
        offices = offices or [_("Ufficio servizi scolastici")]
        topics = [call.edition.service.name for call in calls] + [_("Altro")]
        for name, options in (("office", offices), ("topic", topics)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker: declared above)
            field.choices = [(option, option) for option in options]

    def clean_day(self) -> Any:
        day, today = self.cleaned_data["day"], clock.today()
        if not today < day <= today + FARTHEST:
            raise forms.ValidationError(_("Scegli un giorno da domani ai prossimi tre mesi."))
        if day.weekday() >= 5:
            raise forms.ValidationError(_("Gli uffici ricevono dal lunedì al venerdì."))
        return day


REQUESTS: Final = Bucket("appointment", 10, 60 * 60)


@limited(REQUESTS)
def appointment(request: HttpRequest) -> HttpResponse:
    """The request, with what is known of the person filled in; then the confirmation."""
    calls = list(calls_on(clock.today(), *Service.objects.order_by("name")).values())
    account = request.user if isinstance(request.user, Account) else None
    if request.method == "POST":
        form = AppointmentForm(calls, request.POST)
        if form.is_valid():
            values = form.cleaned_data | {"slot": AppointmentSlot(form.cleaned_data["slot"])}
            made = request_appointment(account=account, now=clock.now(), **values)
            return render(request, "desk/appointment_requested.html", {"made": made})
        return render(request, "desk/appointment.html", {"form": form, "calls": calls}, status=422)
    code = request.GET.get("servizio", "")
    topic = next((call.edition.service.name for call in calls if call.edition.service.code == code), "")
    initial = {"topic": topic}
    if account is not None:
        initial |= {"name": account.full_name, "email": account.email, "phone": account.phone}
    return render(request, "desk/appointment.html", {"form": AppointmentForm(calls, initial=initial), "calls": calls})
