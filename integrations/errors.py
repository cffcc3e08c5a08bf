"""The one error of all connectors."""

from sportello.kernel.errors import DomainError


class ConnectorError(DomainError):
    """Another system did not give what was asked. `permanent` says whether trying again is useless."""

    def __init__(self, template: object, *, permanent: bool, **params: object) -> None:
        super().__init__(template, **params)
        self.permanent = permanent
