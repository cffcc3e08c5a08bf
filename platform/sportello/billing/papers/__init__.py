"""Papers of money: payment notices, receipts, certificates, statements, reminders.

No models and no queries: frozen dataclasses come in, PDF bytes go out, and the same facts give the same bytes. A sheet
refuses what may not be printed (a text too long, a child's name in the subject) when it is made, not when it is drawn.
Papers that other offices read are in Italian whatever the language of the page.
"""
