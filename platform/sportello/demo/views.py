"""Pages that only the demo has."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sportello.demo.mailbox import delivered_mails


def post(request: HttpRequest) -> HttpResponse:
    """The mails that this Comune's desk has sent."""
    return render(request, "demo/post.html", {"mails": delivered_mails()})
