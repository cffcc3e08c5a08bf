"""What may go wrong in the canteen, in sentences for people."""

from sportello.kernel.errors import DomainError


class NoCanteen(DomainError):
    """The Comune offers no service of meals."""


class ClosedDay(DomainError):
    """There is no canteen on that day; the sentence says why."""


class FutureDay(DomainError):
    """A roll is called on its day or later, never before."""


class RollChanged(DomainError):
    """The list of the children changed while the form was being filled in: it must be looked at again."""


class AlreadyCalled(DomainError):
    """The roll was called by somebody else in the meantime: what differs is a correction, with its reason."""


class StaleRoll(DomainError):
    """Somebody corrected the roll in another tab: the page shown is out of date."""


class MissingReason(DomainError):
    """A correction says why."""


class NothingChanged(DomainError):
    """A correction that corrects nothing."""


class MonthNotOver(DomainError):
    """A month is closed when it is over."""


class MealsWithoutPrice(DomainError):
    """Some meals have no price: no edition in force, or a hole in the fee table."""


class NotSoldInBlocks(DomainError):
    """The Comune does not sell meals in advance, or not to this child on this day."""


class ClosureSettled(DomainError):
    """A month was closed on the word of the closure: taking it back would charge meals behind the families' back."""
