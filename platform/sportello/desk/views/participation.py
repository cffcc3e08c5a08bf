"""What is open from 14 years up: the projects of the community."""

from django.http import HttpResponse
from django.shortcuts import render

from sportello.accounts.permissions import IdentifiedRequest, entered


@entered
def participation(request: IdentifiedRequest) -> HttpResponse:
    """The projects that one may join; a minor sees nothing else of the desk."""
    return render(request, "desk/participation.html")
