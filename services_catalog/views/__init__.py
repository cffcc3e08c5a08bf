"""The pages of the office: services, editions and the fee table editor."""
