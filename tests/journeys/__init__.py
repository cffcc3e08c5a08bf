"""The product walked in a real browser: a server, a worker and a database of their own, people who click."""
