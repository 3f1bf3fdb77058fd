"""The whole system on loopback, seeded: programs are started and spoken to over the network, none is imported."""
