"""What the name of a column says: its words become concepts, and a field is known by the concepts it needs.

A name is only half of the evidence: "C7" says nothing, "NOME" may stand over surnames. `named` gives the share of
agreement between 0 and 1.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

# Concept -> the spellings of it; words are compared without accents, in lower case, split where case changes.
_SPELLINGS: Final[dict[str, str]] = {
    "cf": "cf cod_fisc codice_fiscale codfisc codfiscale codicefiscale fiscale fiscal_code cod_fiscale c_f c_fisc cfisc"
    " cod_fis codfis partita_iva piva cf_piva p_iva taxcode tax_code",
    "surname": "cognome cogn cgn cognomi surname lastname last_name family_name ragione_sociale denominazione denom"
    " ragsoc rag_soc",
    "given": "nome nom nomi firstname first_name given_name given prenome",
    "fullname": "nominativo nominativi intestazione anagrafica cognomenome cognome_nome name fullname full_name",
    "child": "alunno alunna alunni alu alunn bambino bambina bimbo bimba bamb minore figlio figlia iscritto"
    " studente stud scolaro beneficiario fruitore child pupil student utente_servizio alunno_a passeggero",
    "payer": "genitore gen genitori intestatario tutore richiedente debitore parent payer dichiarante titolare"
    " pagatore pagante tutor adulto responsabile referente affidatario genitore_pagante genitore_intestatario",
    "pag": "pag",
    "taxpayer": "contribuente soggetto contrib sogg subject",
    "father": "padre papa father",
    "mother": "madre mamma mother",
    "birth": "nasc nascita nato nata nas birth born natoa natail dnascita datanascita dob",
    "date": "data dt date dat giorno gg il del data_il",
    "place": "luogo comune citta loc localita place town municipality a com birthplace paese",
    "state": "stato nazione cittadinanza",
    "prov": "prov provincia pr prv province sigla",
    "sex": "sesso sex genere s gender mf m_f",
    "street": "indirizzo via ind indir domicilio strada address street recapito_postale toponimo ubicazione",
    "number": "civico civ n_civ num_civ n_civico numero_civico nciv house_number",
    "cap": "cap c_a_p postal_code zip codice_postale cap_residenza",
    "residence": "residenza res resid residente residence",
    "school": "plesso scuola meccanografico mecc cod_mecc istituto mim school sede_scolastica scolastico plessi ist"
    " miur codmecc codice_mim edificio",
    "class": "classe cl class cls anno_di_corso classi anno_corso",
    "section": "sezione sez section sezioni",
    "diet": "dieta diete menu regime allergie allergia intolleranze intolleranza diet dietetico alimentare"
    " tipo_dieta pasto_speciale",
    "isee": "isee indicatore_isee valore_isee",
    "balance": "saldo credito residuo disponibilita balance borsellino conto saldo_contabile saldo_attuale",
    "phone": "tel cell telefono cellulare phone mobile recapito_telefonico telefonico fisso tel_cell recapito"
    " contatto telef",
    "email": "mail email e_mail posta_elettronica posta pec indirizzo_mail indirizzo_email",
    "id": "id matricola codice cod identificativo ident code matr pk chiave key num_tessera tessera codutente",
    "user": "utente user utenza anagr",
    "row": "n nr num numero prog progressivo riga ord no row line progr ordine contatore nro seq",
    "note": "note nota annotazioni osservazioni note_varie commenti notes annotazione avvertenze",
    "month": "mese mens mensilita month mesi periodo",
    "year": "anno aa year esercizio annualita annoimposta",
    "reference": "riferimento rif imposta_anno competenza",
    "trip": "corsa tragitto tratta viaggio tipo_corsa direzione andata_ritorno trip corse a_r ar verso",
    "route": "linea percorso route line_bus autobus bus scuolabus giro itinerario lin",
    "stop": "fermata stop punto_raccolta fermate salita punto_di_raccolta raccolta ferm",
    "amount": "importo tariffa quota costo prezzo amount imp corrispettivo retta euro eur valore totale_dovuto canone"
    " imp_mensile",
    "due": "dovuto dov due accertato carico da_pagare debito addebito",
    "owed": "insoluto insoluti arretrato arretrati morosita pendenza pendenze scoperto debt debts owed outstanding"
    " arrears debiti a_debito in_debito",
    "paid": "pagato versato paid incassato pagamento vers versamento saldato riscosso pagata quietanza incasso"
    " versamenti pagamenti payment riscossione incassata quietanzato ricevuto",
    "last": "ultimo last ult ultima",
    "tax": "tributo imposta tassa tipo_tributo tax tributi",
    "instalments": "rateizz rate rateizzato rateizzazione rateazione dilazione instalments rateale piano_rate rat"
    " rateizzata dilazionato rateiz",
    "belfiore": "belfiore catastale ente catasto cod_comune codice_comune cod_ente codente codcom istat",
    "total": "tot totale total totali somma",
    "meals": "pasti meals pasto presenze consumati pasti_consumati presenza",
    "type": "tipo tipologia type",
    "creditor": "creditore",
    "debttype": "tipo_debito",
    "debtors": "debitori",
    "debtid": "id_debito",
    "paymentid": "id_pagamento",
    "due_on": "data_scadenza scadenza",
    "valid_from": "data_inizio_validita inizio_validita",
    "valid_until": "data_fine_validita fine_validita",
    "reason": "causale_debito causale de_causale descrizione",
    "payreason": "causale_pagamento",
    "status": "stato_pagamento stato_debito",
    "payamount": "importo_pagamento",
    "items": "voci_pagamento voci",
    "refyear": "anno_riferimento",
    "debtnote": "note_debito",
    "paynote": "note_pagamento",
    "iban": "iban_riaccredito iban",
    "paidamount": "importo_pagato",
    "valuedate": "data_valuta_accredito data_valuta dt_valuta valuta",
    "channel": "canale_pagamento canale",
    "iuv": "iuv codice_avviso",
    "payday": "data_pagamento",
    "idp": "pagato_idp idp",
    "entryyear": "de_anno_bolletta anno_bolletta",
    "entry": "cod_bolletta bolletta numero_bolletta num_bolletta n_bolletta provvisorio",
    "booked": "dt_contabile data_contabile",
    "ordering": "de_denominazione ordinante",
    "numamount": "num_importo",
}

# Field -> the sets of concepts that name it, the plainest first.
_FIELD: Final[dict[str, str]] = {
    "child_fiscal_code": "cf|cf child|cf user|id cf",
    "payer_fiscal_code": "cf payer|cf pag|cf father|cf mother|cf taxpayer",
    "fiscal_code": "cf|cf taxpayer|cf payer",
    "child_surname": "surname|surname child|surname user",
    "child_given_name": "given|given child|given user",
    "child_name": "surname given|fullname|child|fullname child|surname given child|child given|surname given fullname|"
    "user",
    "payer_surname": "surname payer|surname pag",
    "payer_given_name": "given payer|given pag",
    "payer_name": "payer|fullname payer|surname given payer|payer given|surname given pag|fullname pag",
    "father_name": "father|fullname father|surname given father|given father",
    "mother_name": "mother|fullname mother|surname given mother|given mother",
    "surname_or_name": "surname|surname taxpayer|fullname|taxpayer|surname given",
    "given_name": "given|given taxpayer",
    "sex": "sex|sex child",
    "birth_date": "birth date|birth|date|birth date child",
    "birth_place": "birth place|birth|birth place child|birth state|birth place state",
    "birth_province": "prov|birth prov|birth place prov",
    "street": "street|street residence",
    "address": "street|street residence|residence",
    "house_number": "number|row number",
    "cap": "cap|cap residence",
    "residence": "residence|place residence|place",
    "school_code": "school|id school|school place",
    "class_year": "class|class year",
    "section": "section|class section",
    "class_and_section": "class section|class",
    "legacy_id": "id|id user|id child|user row|child row|user",
    "line_number": "row",
    "note": "note",
    "phone": "phone|phone payer|phone father|phone mother",
    "email": "email|email payer|email street",
    "diet": "diet|type diet",
    "isee": "isee|isee amount",
    "balance": "balance|amount balance",
    "meals_total": "total|total meals|meals",
    "route": "route|id route",
    "stop": "stop",
    "month": "month|month reference",
    "year": "year|year reference|year tax",
    "trip": "trip|type trip|trip route",
    "amount": "amount|amount due|due|payamount|numamount|amount month|amount paid",
    "paid": "paid|pag|amount paid|paidamount|amount pag",
    "paid_on": "date paid|date pag|payday|date paid pag",
    "tax": "tax|id tax|type tax",
    "due": "due|amount due|amount|total due|amount tax",
    "last_payment": "date paid|last paid|date last paid|date pag|payday",
    "instalments": "instalments",
    "municipality": "belfiore|place|id place|id belfiore",
    "creditor": "creditor|belfiore",
    "debt_type": "debttype",
    "debtor_fiscal_codes": "debtors|cf payer|payer",
    "debt_id": "debtid|id due|id",
    "payment_id": "paymentid|id paid",
    "due_on": "due_on",
    "valid_from": "valid_from",
    "valid_until": "valid_until",
    "reason": "reason|payreason",
    "status": "status",
    "items": "items",
    "iban": "iban",
    "value_date": "valuedate",
    "channel": "channel",
    "paid_through_node": "idp|paid idp",
    "entry_id": "entry",
    "booked_on": "booked|date",
}
_SPECIAL: Final[dict[tuple[str, str], str]] = {
    ("roster", "balance"): "balance|amount balance|due|owed|amount due|amount owed|balance due|balance owed|total due",
    ("debts", "year"): "refyear|year reference|year",
    ("debts", "note"): "debtnote|note",
    ("debts", "amount"): "payamount|amount|amount due",
    ("debts", "paid"): "paidamount|amount paid",
    ("debts", "paid_on"): "payday|date paid",
    ("debts", "reason"): "reason",
    ("treasury", "year"): "entryyear|year entry|year",
    ("treasury", "payer_name"): "ordering|surname|payer",
    ("treasury", "amount"): "numamount|amount",
}
_NUMBERED: Final = re.compile(
    r"(?:c|col|colonna|column|campo|field|f|var|v|x|attr|unnamed)?[\s_.:#-]*\d+|[a-z]{1,2}", re.IGNORECASE
)
_CASE: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOT_WORD: Final = re.compile(r"[^a-z0-9#]+")
MONTHS: Final = ("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic")
_MONTH_WORDS: Final = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
    "novembre", "dicembre",
)  # fmt: skip


def words_of(name: str) -> list[str]:
    """The words of a name: "DT_NASC" and "dtNasc" are both dt, nasc."""
    apart = _CASE.sub(" ", name.strip())
    plain = unicodedata.normalize("NFKD", apart.lower()).encode("ascii", "ignore").decode()
    return [word for word in _NOT_WORD.split(plain) if word]


def is_meaningless(name: str) -> bool:
    """Whether the name only counts columns: empty, "C7", "Campo 12", "A"; one that we know is never meaningless."""
    return not name.strip() or (_NUMBERED.fullmatch(name.strip()) is not None and not concepts_of(name)[0])


@lru_cache(maxsize=4096)
def concepts_of(name: str) -> tuple[frozenset[str], int]:
    """The concepts of a name, and how many of its words say nothing to us. Longest spellings are tried first."""
    words = words_of(name)
    found: set[str] = set()
    unknown = 0
    at = 0
    while at < len(words):
        for length in (4, 3, 2, 1):
            concept = _CONCEPTS.get("_".join(words[at : at + length])) if at + length <= len(words) else None
            if concept is not None:
                found.add(concept)
                at += length
                break
        else:
            unknown += words[at] not in _EMPTY_WORDS
            at += 1
    return frozenset(found), unknown


@lru_cache(maxsize=65536)
def named(kind: str, field: str, name: str) -> float:
    """How well a column's name fits a field, between 0 and 1."""
    found, unknown = concepts_of(name)
    if not found:
        return 0.0
    wanted = _SPECIAL.get((kind, field)) or _FIELD.get(field, "")
    best = 0.0
    for place, alternative in enumerate(wanted.split("|")):
        needs = frozenset(alternative.split())
        if needs:
            both = len(needs & found)
            share = both / (len(needs | found) + 0.25 * unknown)
            best = max(best, share - 0.01 * place)
    return max(best, 0.0)


def month_named(name: str) -> str:
    """The month a heading names, as its three letters (SET), or empty: "Settembre", "set-25", "SETT.", "pasti ott"."""
    found = {
        short
        for word in words_of(re.sub(r"\d+", " ", name))
        for short, full in zip(MONTHS, _MONTH_WORDS, strict=True)
        if len(word) >= 3 and full.startswith(word)
    }
    return found.pop().upper() if len(found) == 1 else ""


_EMPTY_WORDS: Final = frozenset(("di", "del", "della", "dell", "d", "e", "la", "lo", "il", "in", "per", "o", "ed"))
_CONCEPTS: Final = {word: concept for concept, words in _SPELLINGS.items() for word in words.split()}
