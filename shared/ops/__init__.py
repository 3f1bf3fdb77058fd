"""What happened, for ever. The union of every op, and its codec."""

from functools import reduce
from operator import or_

import msgspec

from shared.modules import modules_of
from shared.ops.base import Op

#: Every op type, by its tag.
OPS: dict[str, type[Op]] = {
    str(op.__struct_config__.tag): op
    for module in modules_of(__name__, __path__)
    for op in vars(module).values()
    if isinstance(op, type) and issubclass(op, Op) and op is not Op
}

_DECODERS = {kind: msgspec.json.Decoder(op) for kind, op in OPS.items()}
_ENCODER = msgspec.json.Encoder()

#: Any op, for schemas and decoders that do not know the kind beforehand.
AnyOp = reduce(or_, OPS.values())


class UnknownOp(Exception):
    """A log holds an op that this program does not know; it is older than the log."""


def encode(op: Op) -> bytes:
    """The op as the JSON that is stored and hashed."""
    return _ENCODER.encode(op)


def decode(kind: str, body: bytes) -> Op:
    """The op back from its stored JSON.

    Raises:
        UnknownOp: this program has no op of that kind.
        msgspec.ValidationError: the body is not one of that kind.
    """
    decoder = _DECODERS.get(kind)
    if decoder is None:
        raise UnknownOp(kind)
    return decoder.decode(body)


__all__ = ["OPS", "AnyOp", "Op", "UnknownOp", "decode", "encode"]
