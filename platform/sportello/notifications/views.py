"""The notices of the person who is logged in."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from sportello.accounts.permissions import IdentifiedRequest, identified
from sportello.accounts.visits import visit_of
from sportello.kernel import clock
from sportello.notifications.models import Notice
from sportello.notifications.reading import mark_read


@identified
def notices(request: IdentifiedRequest) -> HttpResponse:
    """Her notices, newest first."""
    page = Paginator(Notice.objects.filter(account_id=request.user.pk), 20).get_page(request.GET.get("pagina"))
    return render(request, "notifications/notices.html", {"page": page})


@identified
def notice(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """One notice of hers; opening it marks it as read, unless support does: it is still news to her."""
    found = get_object_or_404(Notice, public_id=public_id, account_id=request.user.pk)
    if visit_of(request) is None:
        mark_read(notice=found, now=clock.now())
    return render(request, "notifications/notice.html", {"notice": found})
