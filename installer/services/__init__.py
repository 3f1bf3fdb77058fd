"""A real Postgres and a real NATS server on loopback: a bin folder in, an address out."""
