"""The list page: everything in the address, nothing unknown believed, two queries."""

from datetime import date
from io import BytesIO
from operator import itemgetter

import pytest
from django import forms
from django.db.models import Model, Q, QuerySet
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.http import urlencode
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from sportello.kernel.money import Money
from sportello.schools.models import School
from sportello.ui.export import Column, export_response, file_response
from sportello.ui.listing import FilterForm, ListPage, Tab, list_page
from tenants.models import Municipality

TABS = (Tab("", "Tutte"), Tab("chiuse", "Chiuse", Q(is_active=False)))
COLUMNS = (
    Column[School]("Codice", lambda school: school.school_code),
    Column[School]("Nome", lambda school: school.name),
)


class SchoolFilters(FilterForm):
    q = forms.CharField(label="Nome")
    year = forms.IntegerField(label="Anno")

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        """Narrow by name."""
        text = self.cleaned_data.get("q")
        return rows.filter(name__icontains=text) if text else rows


def _page(per_page: int = 2, **query: str) -> ListPage[School]:
    return list_page(
        RequestFactory().get(f"/ufficio/scuole?{urlencode(query)}"),
        School.objects.all(),
        filters=SchoolFilters,
        sorts={"nome": ("name",), "codice": ("school_code",)},
        default_sort="nome",
        tabs=TABS,
        per_page=per_page,
    )


@pytest.fixture
def _five_schools(bari: Municipality) -> None:
    names = ["Aldo Moro", "Buonarroti", "Buonarroti", "Cassano", "Don Milani"]
    School.objects.bulk_create(
        School(school_code=f"BAAA00000{index}", name=name, is_active=index != 3) for index, name in enumerate(names)
    )


def _codes(page: ListPage[School]) -> list[str]:
    return [school.school_code[-1] for school in page.rows]


@pytest.mark.usefixtures("_five_schools")
class TestFiveSchools:
    def test_first_page(self) -> None:
        page = _page()
        assert (_codes(page), page.first, page.last, page.total, page.page_count) == (["0", "1"], 1, 2, 5, 3)
        assert (page.previous_url, page.next_url) == ("", "/ufficio/scuole?pagina=2")

    def test_last_page_and_beyond(self) -> None:
        page = _page(pagina="3")
        assert (_codes(page), page.first, page.last, page.next_url) == (["4"], 5, 5, "")
        assert _page(pagina="99").number == 3

    @pytest.mark.parametrize("number", ["0", "-1", "x", "²", "9" * 30])
    def test_nonsense_is_the_first_page(self, number: str) -> None:
        assert _page(pagina=number).number == 1

    def test_equal_names_have_an_order(self) -> None:
        forwards = [code for number in "123" for code in _codes(_page(pagina=number))]
        backwards = [code for number in "123" for code in _codes(_page(pagina=number, ordina="-nome"))]
        assert forwards == ["0", "1", "2", "3", "4"] == backwards[::-1]

    def test_only_known_orders_are_believed(self) -> None:
        assert _page(ordina="-codice").sort == "-codice"
        assert _page(ordina="school_code").sort == _page(ordina="--nome").sort == "nome"

    def test_a_heading_sorts_then_turns_round(self) -> None:
        assert _page().sort_column("codice").url == "/ufficio/scuole?ordina=codice"
        ascending = _page(ordina="codice", pagina="2").sort_column("codice")
        assert (ascending.url, ascending.direction) == ("/ufficio/scuole?ordina=-codice", "ascending")
        assert _page(ordina="-codice").sort_column("codice").direction == "descending"

    def test_filters_stay_in_every_address(self) -> None:
        page = _page(q="buon", ordina="codice")
        assert (_codes(page), page.active_filters) == (["1", "2"], 1)
        assert page.tabs[1].url == "/ufficio/scuole?q=buon&ordina=codice&vista=chiuse"
        assert page.kept_parameters == [("ordina", "codice")]
        assert page.reset_url == "/ufficio/scuole?ordina=codice"
        assert [link.url for link in page.exports] == [
            "/ufficio/scuole?q=buon&ordina=codice&formato=csv",
            "/ufficio/scuole?q=buon&ordina=codice&formato=xlsx",
        ]

    def test_a_wrong_filter_narrows_nothing_and_says_so(self) -> None:
        page = _page(year="duemila")
        assert (page.total, page.active_filters) == (5, 0)
        assert page.filter_form.errors["year"] == ["Inserisci un numero intero."]

    def test_views_count_what_the_filters_leave(self) -> None:
        assert [(tab.count, tab.current) for tab in _page(vista="chiuse").tabs] == [(5, False), (1, True)]
        assert [tab.count for tab in _page(q="buon", vista="chiuse").tabs] == [2, 0]
        assert _codes(_page(vista="chiuse")) == ["3"]
        assert _page(vista="inventata").total == 5

    @pytest.mark.parametrize("per_page", [1, 3])
    def test_two_queries_whatever_the_rows(
        self, per_page: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(2):
            page = _page(per_page=per_page, vista="chiuse")
            assert len(page.rows) == 1
            assert page.page_count == 1

    def test_csv_as_italian_spreadsheets_open_it(self) -> None:
        School.objects.filter(school_code="BAAA000001").update(name='=1+1; "x"')
        page = _page(q="1+1", formato="csv")
        assert page.export_format == "csv"
        response = export_response(page, COLUMNS, filename="scuole")
        assert response["Content-Disposition"] == 'attachment; filename="scuole.csv"'
        assert response.content.decode() == '\ufeffCodice;Nome\r\nBAAA000001;"\'=1+1; ""x"""\r\n'

    def test_an_export_holds_all_pages(self) -> None:
        content = export_response(_page(formato="xlsx"), COLUMNS, filename="scuole").content
        sheet = load_workbook(BytesIO(content)).worksheets[0]
        rows = list(sheet.iter_rows(values_only=True))
        assert [row[0] for row in rows] == ["Codice", *(f"BAAA00000{index}" for index in range(5))]

    def test_unknown_formats_are_no_export(self) -> None:
        assert _page(formato="pdf").export_format == ""


def test_an_empty_list(bari: Municipality) -> None:
    page = _page()
    assert (page.rows, page.first, page.last, page.total, page.page_count) == ([], 0, 0, 0, 1)


def test_many_pages_leave_gaps() -> None:
    page = ListPage[School](
        path="/p",
        query=RequestFactory().get("/p").GET,
        filter_form=FilterForm(RequestFactory().get("/p").GET),
        matching=School.objects.none(),
        total=200,
        number=10,
        per_page=10,
        sort="nome",
        default_sort="nome",
    )
    assert [link.number for link in page.page_links] == [1, 0, 9, 10, 11, 0, 20]
    html = Template("{% include 'components/pager.html' %}").render(Context({"page": page}))
    assert "91-100 di 200" in html
    assert html.count('aria-current="page"') == 1


def test_cells_of_a_file() -> None:
    values = (Money(-123450), date(2026, 11, 23), True, 7, None, "+39 080")
    columns = [Column[tuple[object, ...]](str(index), itemgetter(index)) for index in range(len(values))]
    lines = file_response([values], columns, file_format="csv", filename="prova").content.decode().splitlines()
    assert lines[1] == "-1.234,50;23/11/2026;True;7;;'+39 080"
