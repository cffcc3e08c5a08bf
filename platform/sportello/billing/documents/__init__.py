"""From the rows of the ledger to the facts of a paper: notices, receipts, the certificate of a year, the nido's bundle.

`papers` draws and knows no rows; here nothing is drawn. Who may have a paper is asked of the purse.
"""
