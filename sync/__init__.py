"""How a venue's log travels to the hub: bytes in, bytes out. No socket, no clock and no thread, but for `sync.nats`.

- `frames`: the messages, and how they become bytes and back. Whatever arrives decodes to a message or to `Malformed`.
- `sender`: the edge's side. `step(state, event, now_ms=…, chance=…)` returns the next state and what to do about it.
- `receiver`: the hub's side. `greet` answers a HELLO, `judge` decides about a batch; the caller stores and then answers.
- `backoff`: the next delay.
- `nats`: the only code that knows nats-py.

Only an ACK that the hub sent after its commit moves the watermark. A publish that the pipe acknowledged means nothing.
"""
