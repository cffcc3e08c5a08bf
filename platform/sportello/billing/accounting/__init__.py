"""What the accounting office of the Comune takes from here: what was collected by chapter (capitolo) and assessment
(accertamento), and the treasury's own record of the money that came, matched with the flows (P35).

Reads receipts and flows; writes nothing but its own chapters and movements.
"""
