"""What changes from one edition to another, in sentences that a council member reads."""
