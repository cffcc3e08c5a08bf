"""MyPay of the Region, as far as a Comune speaks with it: dues come in, are paid, and their receipts are asked for."""
