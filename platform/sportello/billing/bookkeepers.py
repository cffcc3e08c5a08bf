"""Who reads and closes the books: the accountant sees money, flows and chapters, and no application, diet or class."""

from typing import Final

from sportello.accounts.models import Role

BOOKKEEPERS: Final = (Role.ACCOUNTANT, Role.CLERK, Role.ADMINISTRATOR)
