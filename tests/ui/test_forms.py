"""Fields: ids wired as Django 6.1 expects, no asterisks, values kept when they are wrong."""

from datetime import date

import pytest
from django import forms
from django.template import Context, Template

from sportello.kernel.money import Money
from sportello.ui.fields import DateField, MoneyField


class ChildForm(forms.Form):
    name = forms.CharField(label="Nome", help_text="Come sulla tessera sanitaria.")
    born_on = DateField(label="Nato il", help_text="Per esempio 27 3 2019")
    diet = forms.ChoiceField(
        label="Dieta", choices=[("1", "Nessuna"), ("2", "Senza glutine")], widget=forms.RadioSelect
    )
    income = MoneyField(label="ISEE", required=False)
    read = forms.BooleanField(label="Ho letto l'informativa")


WRONG = {"name": "", "born_on_day": "31", "born_on_month": "2", "born_on_year": "2019", "income": "dieci"}


def _fragment(html: str, opening: str) -> str:
    return html[html.index(opening) :].split(">", 1)[0]


def test_hint_and_error_describe_the_control() -> None:
    html = ChildForm(WRONG).as_div()
    box = _fragment(html, '<input type="text" name="name"')
    assert 'aria-describedby="id_name_helptext id_name_error"' in box
    assert 'aria-invalid="true"' in box
    assert '<p class="field-hint" id="id_name_helptext">' in html
    assert '<div class="field-error" id="id_name_error">' in html


def test_a_group_is_described_by_its_fieldset() -> None:
    html = ChildForm(WRONG).as_div()
    assert 'aria-describedby="id_born_on_helptext id_born_on_error"><legend>' in html.replace("\n  ", "")
    assert 'aria-describedby="id_diet_error"' in html


def test_optional_fields_say_so_and_nothing_has_an_asterisk() -> None:
    html = ChildForm().as_div()
    assert html.count("(facoltativo)") == 1
    assert "*" not in html


def test_hint_stands_between_label_and_control() -> None:
    html = ChildForm().as_div()
    places = [
        html.index(part) for part in ('<label class="field-label" for="id_name"', "id_name_helptext", 'name="name"')
    ]
    assert places == sorted(places)


def test_a_date_is_read_from_three_boxes() -> None:
    form = ChildForm(
        {"name": "Ada", "born_on_day": "7", "born_on_month": "3", "born_on_year": "2019", "diet": "1", "read": "on"}
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born_on"] == date(2019, 3, 7)
    assert form.cleaned_data["income"] is None


def test_a_wrong_date_stays_in_its_boxes() -> None:
    html = ChildForm(WRONG)["born_on"].as_widget()
    assert [f'value="{part}"' in html for part in ("31", "02", "2019")] == [True, True, True]


@pytest.mark.parametrize(("day", "errors"), [("", "invalid"), ("x", "invalid")])
def test_half_a_date_is_no_date(day: str, errors: str) -> None:
    form = ChildForm({"born_on_day": day, "born_on_month": "3", "born_on_year": "2019"})
    assert form.errors.as_data()["born_on"][0].code == errors


def test_no_date_at_all_is_a_missing_date() -> None:
    assert ChildForm({"name": "Ada"}).errors.as_data()["born_on"][0].code == "required"


def test_a_known_date_fills_the_boxes() -> None:
    html = ChildForm(initial={"born_on": date(2019, 3, 7)})["born_on"].as_widget()
    assert [f'value="{part}"' in html for part in ("7", "3", "2019")] == [True, True, True]


def test_amounts() -> None:
    field = MoneyField()
    assert field.clean("1.234,50") == Money(123450)
    assert field.prepare_value(Money(123450)) == "1.234,50"
    assert field.prepare_value("dieci") == "dieci"
    with pytest.raises(forms.ValidationError, match="«dieci» non è un importo"):
        field.clean("dieci")


def test_the_summary_leads_to_each_control() -> None:
    html = Template("{% include 'components/error_summary.html' %}").render(Context({"form": ChildForm(WRONG)}))
    assert "Ci sono 5 cose da correggere" in html
    assert [f'href="#{name}"' in html for name in ("id_name", "id_born_on_day", "id_diet", "id_income", "id_read")] == [
        True
    ] * 5


def test_no_summary_without_errors() -> None:
    assert (
        Template("{% include 'components/error_summary.html' %}").render(Context({"form": ChildForm()})).strip() == ""
    )
