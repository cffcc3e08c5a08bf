"""The statement of a family as a paper to keep."""

from datetime import datetime

from sportello.billing.carts.offer import Item
from sportello.billing.documents.people import LONGEST_NAME
from sportello.billing.papers.dues import ChildDues as PaperChild
from sportello.billing.papers.dues import DuesStatement, Owed, dues_pdf
from sportello.billing.papers.dues import ServiceDues as PaperService
from sportello.billing.papers.sheets import Addressee, Payee
from sportello.desk.dues import ChildDues, FamilyDues, ServiceDues
from sportello.kernel.clock import ROME
from sportello.kernel.money import Money
from sportello.ui.templatetags.ui import it_date


def family_dues_pdf(dues: FamilyDues, payee: Payee, *, made_at: datetime) -> bytes:
    """What is due and was paid in the year shown, child by child, in the reader's language."""
    account = dues.purse.account
    statement = DuesStatement(
        payee=payee,
        person=Addressee(account.full_name[:LONGEST_NAME], account.fiscal_code or account.identifier[:16]),
        today=made_at.astimezone(ROME).date(),
        children=tuple(_child(child, dues) for child in dues.children),
    )
    return dues_pdf(statement, made_at=made_at)


def _child(child: ChildDues, dues: FamilyDues) -> PaperChild:
    return PaperChild(child.child.full_name, tuple(_service(child, held, dues) for held in child.services))


def _service(child: ChildDues, held: ServiceDues, dues: FamilyDues) -> PaperService:
    meals = child.meals if held.is_canteen else None
    open_ones = [_open(item) for item in dues.offer.to_pay if _is_of(item, child, held)]
    paid = [
        Owed(f"{it_date(one.on)} {one.entry.reference}".strip(), one.amount, one.amount)
        for one in dues.history.paid
        if one.child == child.child and one.service_code == held.service.code
    ]
    return PaperService(
        service=held.service.name,
        owed=(*open_ones, *paid),
        credit=held.credit,
        meals_served=meals.meals if meals else None,
        meals_available=meals.meals_available if meals else None,
    )


def _is_of(item: Item, child: ChildDues, held: ServiceDues) -> bool:
    """A notice of several children or services is told once, with the first of them."""
    return item.children[0] == child.child and item.codes[0] == held.service.code


def _open(item: Item) -> Owed:
    number = item.option.notice_number if item.option else ""
    return Owed(f"{item.title}, {item.names}", item.amount, Money(0), item.due_on, number)
