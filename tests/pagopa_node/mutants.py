"""Messages of every kind, and thousands of small damages to them."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

from lxml import etree

SPACE: Final = "http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd"
SUBJECT: Final = (
    "<uniqueIdentifier><entityUniqueIdentifierType>F</entityUniqueIdentifierType><entityUniqueIdentifierValue>"
    "RSSMRA80A41A662E</entityUniqueIdentifierValue></uniqueIdentifier><fullName>Rossi Maria</fullName>"
    "<streetName>Via Sparano</streetName><civicNumber>1</civicNumber><postalCode>70121</postalCode><city>Bari</city>"
    "<stateProvinceRegion>BA</stateProvinceRegion><country>IT</country><e-mail>maria.rossi@example.org</e-mail>"
)
PAIRS: Final = "<metadata><mapEntry><key>anno</key><value>2026</value></mapEntry></metadata>"
WHO: Final = "<idPA>80015010723</idPA><idBrokerPA>12345678903</idBrokerPA><idStation>12345678903_01</idStation>"
QR: Final = "<qrCode><fiscalCode>80015010723</fiscalCode><noticeNumber>303000000000004272</noticeNumber></qrCode>"
ASKED: Final = (
    f"{WHO}{QR}<amount>45.50</amount><paymentNote>carrello</paymentNote><transferType>PAGOPA</transferType>"
    "<dueDate>2026-12-31</dueDate>"
)
FAULT: Final = (
    "<outcome>KO</outcome><fault><faultCode>PAA_SEMANTICA</faultCode><faultString>no</faultString><id>80015010723</id>"
    "<description>no</description><serial>1</serial><originalFaultCode>a</originalFaultCode><originalFaultString>b"
    "</originalFaultString><originalDescription>c</originalDescription></fault>"
)
HEAD: Final = (
    "<creditorReferenceId>03000000000004272</creditorReferenceId><paymentAmount>45.50</paymentAmount>"
    "<dueDate>2026-12-31</dueDate><retentionDate>2026-12-31T23:59:59</retentionDate><lastPayment>true</lastPayment>"
    "<description>Mensa</description><companyName>Comune di Bari</companyName><officeName>Scuola</officeName>"
    f"<debtor>{SUBJECT}</debtor>"
)


def line(number: int, place: str, *, name: str = "<companyName>Comune di Bari</companyName>") -> str:
    """A line of a payment."""
    return (
        f"<transfer><idTransfer>{number}</idTransfer><transferAmount>45.50</transferAmount><fiscalCodePA>80015010723"
        f"</fiscalCodePA>{name}{place}<remittanceInformation>/RFB/x</remittanceInformation><transferCategory>"
        f"9/0107101TS/</transferCategory>{PAIRS}</transfer>"
    )


IBAN: Final = "<IBAN>IT60X0542811101000000123456</IBAN>"
STAMP: Final = (
    "<richiestaMarcaDaBollo><hashDocumento>aGFzaA==</hashDocumento><tipoBollo>01</tipoBollo><provinciaResidenza>BA"
    "</provinciaResidenza></richiestaMarcaDaBollo>"
)
DOCUMENT: Final = "<MBDAttachment>aGFzaA==</MBDAttachment>"
RECEIPT: Final = (
    "<receiptId>c110729d258c4ab1b765fe902aae41d6</receiptId><noticeNumber>303000000000004272</noticeNumber>"
    "<fiscalCode>80015010723</fiscalCode><outcome>OK</outcome><creditorReferenceId>03000000000004272"
    "</creditorReferenceId><paymentAmount>45.50</paymentAmount><description>Mensa</description><companyName>Comune"
    f"</companyName><officeName>Scuola</officeName><debtor>{SUBJECT}</debtor>"
)
PROVIDER: Final = (
    "<idPSP>SIMPSP01</idPSP><pspFiscalCode>12345678903</pspFiscalCode><pspPartitaIVA>12345678903</pspPartitaIVA>"
    "<PSPCompanyName>Banca</PSPCompanyName><idChannel>12345678903_03</idChannel><channelDescription>WISP"
    f"</channelDescription><payer>{SUBJECT}</payer><paymentMethod>creditCard</paymentMethod>"
)
DAYS: Final = (
    "<paymentDateTime>2026-11-23T10:00:00</paymentDateTime><applicationDate>2026-11-23</applicationDate>"
    f"<transferDate>2026-11-24</transferDate>{PAIRS}<standIn>false</standIn>"
)
OFFER: Final = (
    "<outcome>OK</outcome><paymentList><paymentOptionDescription><amount>45.50</amount><options>EQ</options>"
    "<dueDate>2026-12-31</dueDate><detailDescription>Mensa</detailDescription><allCCP>false</allCCP>"
    "</paymentOptionDescription></paymentList><paymentDescription>Mensa</paymentDescription><fiscalCodePA>80015010723"
    "</fiscalCodePA><companyName>Comune di Bari</companyName><officeName>Scuola</officeName>"
)
LINES_1: Final = line(1, IBAN, name="") + line(2, IBAN, name="")
LINES_2: Final = line(1, IBAN) + line(2, STAMP)
PAID_2: Final = line(1, IBAN) + line(2, DOCUMENT)
FULL: Final = {
    "paVerifyPaymentNoticeReq": f"{WHO}{QR}",
    "paVerifyPaymentNoticeRes": OFFER,
    "paGetPaymentReq": ASKED,
    "paGetPaymentV2Request": ASKED,
    "paGetPaymentRes": f"<outcome>OK</outcome><data>{HEAD}<transferList>{LINES_1}</transferList>{PAIRS}</data>",
    "paGetPaymentV2Response": f"<outcome>OK</outcome><data>{HEAD}<transferList>{LINES_2}</transferList>{PAIRS}</data>",
    "paSendRTReq": f"{WHO}<receipt>{RECEIPT}<transferList>{LINES_1}</transferList>{PROVIDER}<fee>1.50</fee>{DAYS}"
    "</receipt>",
    "paSendRTV2Request": f"{WHO}<receipt>{RECEIPT}<transferList>{PAID_2}</transferList>{PROVIDER}<paymentNote>carrello"
    "</paymentNote><fee>1.50</fee><primaryCiIncurredFee>0.10</primaryCiIncurredFee><idBundle>a</idBundle><idCiBundle>b"
    f"</idCiBundle>{DAYS}</receipt>",
    "paSendRTRes": FAULT,
    "paSendRTV2Response": FAULT,
}
"""Every message with every part it may have."""
WORDS: Final = (
    *("", " ", "x", "OK", "KO", "F", "G", "EQ", "ANY", "POSTAL", "true", "1", "0", "5", "6", " 3 ", "01", "-1", "+2"),
    *("45.5", "45.50", "0.00", "0.01", "45,50", "045.50", "-45.50", "999999999.99", "1000000000.00", "1e3", "٤٥.٥٠"),
    *("2026-12-31", "2026-02-30", "2026-12-31Z", "31/12/2026", "2026-11-23T10:00:00", "2026-11-23T10:00:00+01:00"),
    *("80015010723", "8001501072", "303000000000004272", "30300000000000427", "ba", "BA", "BAR", "a@b", "a@b.it", "@b"),
    *("aGFzaA==", "aGF", "%%%%", "PAA_BOH", "è", "a" * 16, "a" * 17, "a" * 20, "a" * 21, "a" * 35, "a" * 36),
    *("a" * 70, "a" * 71, "a" * 140, "a" * 141, "a" * 210, "a" * 211, "a" * 250 + "@b.it", "a" * 256 + "@b.it"),
)


def message(name: str, inside: str) -> Any:
    """A message without its envelope."""
    return etree.fromstring(f'<m:{name} xmlns:m="{SPACE}">{inside}</m:{name}>')


def damaged(whole: Any) -> Iterator[tuple[str, Any]]:
    """The message with one thing done to it, for each part and each thing; parts of one name get other words once."""
    seen: set[str] = set()
    for place, element in enumerate(whole.iter()):
        for how, damage in DAMAGES.items():
            if place == 0 and how not in {"words", "stranger"}:
                continue
            if how == "words":
                if not len(element) and element.tag not in seen:
                    yield from _reworded(whole, element)
                seen.add(element.tag)
                continue
            other = deepcopy(whole)
            damage(list(other.iter())[place])
            yield f"{how} {element.tag}", other


def _reworded(whole: Any, element: Any) -> Iterator[tuple[str, Any]]:
    before = element.text
    for words in WORDS:
        element.text = words
        yield f"{element.tag} = {words[:30]!r}", whole
    element.text = before


def _take_away(element: Any) -> None:
    element.getparent().remove(element)


def _double(element: Any) -> None:
    element.addnext(deepcopy(element))


def _sixfold(element: Any) -> None:
    for _time in range(5):
        element.addnext(deepcopy(element))


def _sixteenfold(element: Any) -> None:
    for _time in range(15):
        element.addnext(deepcopy(element))


def _swap(element: Any) -> None:
    if element.getnext() is not None:
        element.getnext().addnext(element)


def _qualify(element: Any) -> None:
    element.tag = f"{{{SPACE}}}{element.tag}"


def _rename(element: Any) -> None:
    element.tag = element.tag + "X"


def _mark(element: Any) -> None:
    element.set("id", "1")


def _stranger(element: Any) -> None:
    etree.SubElement(element, "altro")


DAMAGES: Final[dict[str, Any]] = {
    "words": None,
    "without": _take_away,
    "twice": _double,
    "six times": _sixfold,
    "sixteen times": _sixteenfold,
    "swapped": _swap,
    "qualified": _qualify,
    "renamed": _rename,
    "with an attribute": _mark,
    "stranger": _stranger,
}
