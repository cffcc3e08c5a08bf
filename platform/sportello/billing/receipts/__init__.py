"""What was paid through pagoPA: receipts as they came, what they paid, what is kept aside, and every message.

A receipt is stored and committed before it is answered; all that follows runs from its state. A position becomes paid
because a receipt came, never because a browser came back.
"""
