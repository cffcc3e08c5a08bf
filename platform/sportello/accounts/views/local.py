"""The door of staff with a local account: password, then code, always both."""

import uuid
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_totp.models import TOTPDevice

from sportello.accounts import local_accounts
from sportello.accounts.destinations import landing, safe_next
from sportello.accounts.errors import EntranceRefused, LinkNotValid
from sportello.accounts.forms import ChoosePasswordForm, CodeForm, PasswordLoginForm
from sportello.accounts.models import Account
from sportello.accounts.throttling import address_of
from sportello.kernel import clock
from sportello.ui.codes import qr_picture

PENDING: Final = "local_login"  # session key: whose password was right, since when, where to go
PATIENCE: Final = 10 * 60  # seconds between password and code


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """User name and password; a right pair leads to the code."""
    form = PasswordLoginForm(request.POST if request.method == "POST" else None)
    now = clock.now()
    if form.is_valid():
        try:
            account = local_accounts.check_password(**form.cleaned_data, address=address_of(request), now=now)
        except EntranceRefused as error:
            form.add_error(None, str(error))
        else:
            request.session.cycle_key()
            request.session[PENDING] = [account.pk, now.timestamp(), safe_next(request)]
            return redirect("accounts:code")
    context = {"form": form, "next_path": safe_next(request)}
    return render(request, "accounts/local_login.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code of the authenticator; without one yet, the page that enrols it."""
    now = clock.now()
    account, next_path = _pending(request, now.timestamp())
    if account is None:
        return redirect("accounts:local_login")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            local_accounts.enter_with_code(request=request, account=account, code=form.cleaned_data["code"], now=now)
        except EntranceRefused as error:
            form.add_error("code", str(error))
        else:
            request.session.pop(PENDING, None)
            return HttpResponseRedirect(landing(account, next_path))
    enrolled = local_accounts.confirmed_device(account)
    context = {"form": form, "enrolment": None if enrolled else _enrolment(account)}
    return render(request, "accounts/code.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def activate(request: HttpRequest, public_id: uuid.UUID, token: str) -> HttpResponse:
    """The link given by the administrator: choose the password, once."""
    try:
        account = local_accounts.account_of_link(public_id=str(public_id), token=token)
        form = ChoosePasswordForm(request.POST if request.method == "POST" else None, account=account)
        if form.is_valid():
            local_accounts.choose_password(
                account=account, token=token, password=form.cleaned_data["password"], now=clock.now()
            )
            messages.success(request, _("Password impostata. Ora accedi e attiva il codice di verifica."))
            return redirect("accounts:local_login")
    except LinkNotValid as error:
        return render(request, "accounts/refused.html", {"sentence": str(error)}, status=403)
    context = {"form": form, "account": account}
    return render(request, "accounts/activate.html", context, status=422 if form.errors else 200)


def _pending(request: HttpRequest, now: float) -> tuple[Account | None, str]:
    held = request.session.get(PENDING)
    if held is None or now - held[1] > PATIENCE:
        request.session.pop(PENDING, None)
        return None, ""
    return Account.objects.filter(pk=held[0], is_active=True).first(), str(held[2])


def _enrolment(account: Account) -> dict[str, str]:
    """The secret as a QR picture (a data: image, which the CSP admits) and as text to type."""
    device: TOTPDevice = local_accounts.device_to_enrol(account)
    picture = qr_picture(device.config_url)
    secret = device.config_url.partition("secret=")[2].partition("&")[0]
    return {"picture": picture, "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))}
