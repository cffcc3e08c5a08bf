"""What the board of the Comuni says of the training here."""

from datetime import date

from onboarding.signs import TRAINING, Sign
from onboarding.training.queries import trained_here
from sportello.kernel.errors import gettext_noop
from tenants.models import Stage


def read_training(today: date) -> list[Sign]:
    """How many of the staff have done all the exercises of their roles; a Comune without one may not go live."""
    people = trained_here(today)
    label = gettext_noop("Formazione")
    if not people:
        return [Sign(TRAINING, label, gettext_noop("nessuno da formare"))]
    done = sum(person.is_trained for person in people)
    params: dict[str, str | int] = {"done": done, "all": len(people)}
    words = gettext_noop("%(done)s persone su %(all)s")
    share = 100 * done // len(people)
    if not done:
        return [Sign(TRAINING, label, words, params, tone="attention", blocks=Stage.LIVE, share=share)]
    return [Sign(TRAINING, label, words, params, tone="success" if done == len(people) else "info", share=share)]
