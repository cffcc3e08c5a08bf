from django.urls import path, register_converter

from sportello.canteen.views import cancelling, family, office, school, what_if
from sportello.canteen.views.days import DayConverter, MonthConverter

register_converter(DayConverter, "day")
register_converter(MonthConverter, "month")

app_name = "canteen"
urlpatterns = [
    path("scuola/", school.school, name="school"),
    path("scuola/classi/<int:section_id>/mese/", school.month, name="section_month"),
    path("scuola/classi/<int:section_id>/<day:day>/", school.roll, name="roll"),
    path("scuola/classi/<int:section_id>/<day:day>/correzione/", school.correct, name="correct"),
    path("scuola/cucina/<slug:school_code>/", school.kitchen, name="kitchen"),
    path("scuola/giorni-senza-mensa/nuovo/", cancelling.cancel, name="cancel"),
    path("scuola/giorni-senza-mensa/<int:closure_id>/annulla/", cancelling.undo, name="undo_cancel"),
    path("ufficio/mensa/", office.office, name="office"),
    path("ufficio/mensa/chiusura/", office.months, name="close"),
    path("ufficio/mensa/chiusura/<month:month>/", office.close_month, name="close_month"),
    path("ufficio/tariffe/<int:edition_id>/prova/", what_if.what_if, name="what_if"),
    path("ufficio/tariffe/<int:edition_id>/prova.pdf", what_if.what_if_pdf, name="what_if_pdf"),
    path("ufficio/bambini/<uuid:public_id>/blocchetti/", office.order_blocks, name="office_order_blocks"),
    path("area/dovuto/estratto-conto.pdf", family.statement_file, {"file_format": "pdf"}, name="statement_pdf"),
    path("area/dovuto/estratto-conto.csv", family.statement_file, {"file_format": "csv"}, name="statement_csv"),
    path("area/figli/<uuid:public_id>/mensa/", family.child_statement, name="statement"),
    path(
        "area/figli/<uuid:public_id>/mensa/estratto-conto.pdf",
        family.statement_file,
        {"file_format": "pdf"},
        name="statement_pdf",
    ),
    path(
        "area/figli/<uuid:public_id>/mensa/estratto-conto.csv",
        family.statement_file,
        {"file_format": "csv"},
        name="statement_csv",
    ),
    path("area/figli/<uuid:public_id>/mensa/blocchetti/", family.order_blocks, name="order_blocks"),
]
