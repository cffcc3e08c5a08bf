"""Schools for the office: the list, its export, and the import of a table."""

from django import forms
from django.contrib import messages
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.kernel import clock
from sportello.kernel.school_year import SchoolYear
from sportello.schools.importing import import_schools, preview_schools
from sportello.schools.models import Level, School
from sportello.schools.resources import COLUMNS, SchoolResource
from sportello.ui.listing import FilterForm, Tab, list_page, render_list
from sportello.ui.table_files import TableUploadForm, export_table

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)
TABS = (
    Tab("", gettext_lazy("Attive"), Q(is_active=True)),
    Tab("non-attive", gettext_lazy("Non attive"), Q(is_active=False)),
)
SORTS = {"nome": ("name",), "codice": ("school_code",), "grado": ("level", "name")}


class SchoolFilters(FilterForm):
    """Name or code, and level."""

    testo = forms.CharField(label=gettext_lazy("Nome o codice"), max_length=60)
    grado = forms.ChoiceField(label=gettext_lazy("Grado"), choices=[("", gettext_lazy("Tutti")), *Level.choices])

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        if self.is_set("testo"):
            text = self.cleaned_data["testo"]
            rows = rows.filter(Q(name__icontains=text) | Q(school_code__istartswith=text))
        return rows.filter(level=self.cleaned_data["grado"]) if self.is_set("grado") else rows


@role_required(*OFFICE)
def school_list(request: IdentifiedRequest) -> HttpResponse:
    """The schools of the Comune, as a page or as a file."""
    year = SchoolYear.of(clock.today()).start_year
    schools = School.objects.annotate(classes=Count("sections", filter=Q(sections__school_year=year)))
    page = list_page(request, schools, filters=SchoolFilters, sorts=SORTS, default_sort="nome", tabs=TABS)
    if page.export_format:
        return export_table(SchoolResource(), page.matching, file_format=page.export_format, filename="scuole")
    return render_list(request, page, "schools/list.html")


@role_required(*OFFICE)
def school_import(request: IdentifiedRequest) -> HttpResponse:
    """Shows what a table would change, then takes it in."""
    form = TableUploadForm(request.POST or None, request.FILES or None, columns=COLUMNS)
    if request.method != "POST":
        return render(request, "schools/import.html", {"form": form})
    if not form.is_valid():
        return render(request, "schools/import.html", {"form": form}, status=422)
    preview = preview_schools(dataset=form.dataset)
    if request.POST.get("action") != "import" or preview.wrong:
        context = {"form": form, "preview": preview, "text": form.cleaned_data["text"]}
        return render(request, "schools/import.html", context, status=422 if preview.wrong else 200)
    done = import_schools(dataset=form.dataset, actor=request.user.pk, now=clock.now())
    messages.success(
        request,
        _("Elenco caricato: %(created)s scuole nuove, %(updated)s aggiornate.")
        % {"created": done.created, "updated": done.updated},
    )
    return redirect("schools:list")
