"""Messages as the node sends them: one payment from verify to receipt, with every optional part in `FULL_RECEIPT`."""

from datetime import date

from integrations.pagopa.types import Debtor, Notice, Payment, TransferLine

EC = "80015010723"
NAV = "303000000000004272"
IUV = "03000000000004272"
PERSON = (
    "<uniqueIdentifier><entityUniqueIdentifierType>F</entityUniqueIdentifierType>"
    "<entityUniqueIdentifierValue>RSSMRA80A41A662E</entityUniqueIdentifierValue></uniqueIdentifier>"
    "<fullName>Rossi Maria</fullName>"
)
FULL_PERSON = (
    f"{PERSON}<streetName>Via Sparano</streetName><civicNumber>1</civicNumber><postalCode>70121</postalCode>"
    "<city>Bari</city><stateProvinceRegion>BA</stateProvinceRegion><country>IT</country>"
    "<e-mail>maria.rossi@example.org</e-mail>"
)
METADATA = "<metadata><mapEntry><key>k</key><value>v</value></mapEntry></metadata>"
CALLER = f"<idPA>{EC}</idPA><idBrokerPA>12345678903</idBrokerPA><idStation>12345678903_01</idStation>"
QR = f"<qrCode><fiscalCode>{EC}</fiscalCode><noticeNumber>{NAV}</noticeNumber></qrCode>"


def envelope(element: str, inside: str) -> bytes:
    return (
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Header/><soapenv:Body>'
        f'<pafn:{element} xmlns:pafn="http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd">{inside}</pafn:{element}>'
        "</soapenv:Body></soapenv:Envelope>"
    ).encode()


def transfer(number: int = 1, amount: str = "45.50", *, version: int = 2, more: str = "") -> str:
    company = "<companyName>Comune di Bari</companyName>" if version == 2 else ""
    return (
        f"<transfer><idTransfer>{number}</idTransfer><transferAmount>{amount}</transferAmount>"
        f"<fiscalCodePA>{EC}</fiscalCodePA>{company}<IBAN>IT60X0542811101000000123456</IBAN>"
        f"<remittanceInformation>/RFB/{IUV}/{amount}/TXT/Mensa</remittanceInformation>"
        f"<transferCategory>9/0107101TS/</transferCategory>{more}</transfer>"
    )


def receipt(version: int = 2, *, full: bool = False, transfers: str = "", amount: str = "45.50") -> bytes:
    second = version == 2
    inside = (
        f"<receiptId>c110729d258c4ab1b765fe902aae41d6</receiptId><noticeNumber>{NAV}</noticeNumber>"
        f"<fiscalCode>{EC}</fiscalCode><outcome>OK</outcome><creditorReferenceId>{IUV}</creditorReferenceId>"
        f"<paymentAmount>{amount}</paymentAmount><description>Mensa</description>"
        "<companyName>Comune di Bari</companyName>"
        f"{'<officeName>Scuola</officeName>' if full else ''}"
        f"<debtor>{FULL_PERSON if full else PERSON}</debtor>"
        f"<transferList>{transfers or transfer(version=version, more=METADATA if full else '')}</transferList>"
        "<idPSP>SIMPSP01</idPSP>"
        f"{'<pspFiscalCode>12345678903</pspFiscalCode><pspPartitaIVA>12345678903</pspPartitaIVA>' if full else ''}"
        "<PSPCompanyName>PSP</PSPCompanyName><idChannel>97735020584_03</idChannel>"
        "<channelDescription>WISP</channelDescription>"
    )
    if full:
        inside += f"<payer>{FULL_PERSON}</payer><paymentMethod>creditCard</paymentMethod>"
        inside += "<paymentNote>cart-1</paymentNote>" if second else ""
        inside += "<fee>1.50</fee>"
        inside += "<primaryCiIncurredFee>0.20</primaryCiIncurredFee>" if second else ""
        inside += "<idBundle>b</idBundle><idCiBundle>c</idCiBundle>" if second else ""
        inside += (
            "<paymentDateTime>2026-11-23T10:00:00.123456789</paymentDateTime>"
            "<applicationDate>2026-11-23</applicationDate><transferDate>2026-11-24+01:00</transferDate>"
            f"{METADATA}<standIn>true</standIn>"
        )
    return envelope("paSendRTV2Request" if second else "paSendRTReq", f"{CALLER}<receipt>{inside}</receipt>")


VERIFY = envelope("paVerifyPaymentNoticeReq", CALLER + QR)
GET = envelope(
    "paGetPaymentV2Request",
    f"{CALLER}{QR}<amount>45.50</amount><paymentNote>cart-1</paymentNote><transferType>PAGOPA</transferType>"
    "<dueDate>2026-12-31</dueDate>",
)
GET_V1 = GET.replace(b"paGetPaymentV2Request", b"paGetPaymentReq")
RECEIPT = receipt()
FULL_RECEIPT = receipt(full=True)
RECEIPT_V1 = receipt(1, full=True)
QUESTIONS = {
    "paVerifyPaymentNotice": VERIFY,
    "paGetPaymentV2": GET,
    "paGetPayment": GET_V1,
    "paSendRTV2": FULL_RECEIPT,
    "paSendRT": RECEIPT_V1,
}

DEBTOR = Debtor("F", "RSSMRA80A41A662E", "Rossi Maria")
NOTICE = Notice(
    4550,
    date(2026, 12, 31),
    "Mensa scolastica dicembre 2026",
    EC,
    "Comune di Bari",
    "Ripartizione Politiche Educative",
)
LINE = TransferLine(
    1,
    4550,
    EC,
    "",
    "IT60X0542811101000000123456",
    f"/RFB/{IUV}/45.50/TXT/Mensa scolastica",
    "9/0107101TS/",
)
PAYMENT = Payment(
    creditor_reference=IUV,
    amount_cents=4550,
    due_on=date(2026, 12, 31),
    description="Mensa scolastica dicembre 2026",
    company_name="Comune di Bari",
    office_name="",
    debtor=DEBTOR,
    transfers=(LINE,),
)
