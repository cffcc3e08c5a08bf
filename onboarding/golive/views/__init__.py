"""The faces of the check-list: the central team's and the administrator's."""
