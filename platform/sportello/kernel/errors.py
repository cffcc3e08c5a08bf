"""The root of every anticipated failure: an exception that carries a sentence a person can read."""

import re
from collections.abc import Callable, Mapping
from typing import ClassVar


def gettext_noop(message: str) -> str:
    """Mark an Italian sentence for translation where Django may not be imported; returns it unchanged."""
    return message


class Reader:
    """The language of who reads: marked sentences stay Italian until the application says how to translate them."""

    translate: ClassVar[Callable[[str], str]] = staticmethod(str)


def told(template: object, params: Mapping[str, object]) -> str:
    """The finished sentence in the reader's language; ``template`` is a marked sentence or a lazy translation."""
    sentence = Reader.translate(template) if isinstance(template, str) else str(template)
    return sentence % params if params else sentence


class DomainError(Exception):
    """An anticipated failure, named by its subclass and told by an Italian sentence.

    ``template`` is the sentence (plain Italian, or a lazy translation) with ``%(name)s`` places, ``params`` fill
    them; ``str(error)`` is the finished sentence, in the reader's language.
    ``code`` is the stable machine name: the class name in snake case unless the class says otherwise.
    """

    code: ClassVar[str] = "domain_error"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in cls.__dict__:
            cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, template: object, **params: object) -> None:
        super().__init__(template)
        self.template = template
        self.params = params

    @property
    def message(self) -> str:
        """The finished sentence for people."""
        return told(self.template, self.params)

    def __str__(self) -> str:
        return self.message
