"""Where messages travel. The venue's side first; the hub sees the tenant's account key before the venue."""

import zlib

PARTITIONS = 64
PARTITIONS_PER_STREAM = 4
STREAMS = PARTITIONS // PARTITIONS_PER_STREAM


def partition_of(venue_id: str) -> int:
    """Which of the partitions carries this venue's batches."""
    return zlib.crc32(venue_id.encode()) % PARTITIONS


def batches(venue_id: str) -> str:
    """Where a venue publishes batches."""
    return f"up.{venue_id}.{partition_of(venue_id):02}.b"


def asks(venue_id: str, what: str) -> str:
    """Where a venue asks the hub: `hello` or `push`."""
    return f"req.{venue_id}.{what}"


def acks(venue_id: str) -> str:
    """Where a venue hears ACK and NACK."""
    return f"down.{venue_id}.ack"


def acks_of(account: str, venue_id: str) -> str:
    """The same, where the hub publishes it."""
    return f"down.{account}.{venue_id}.ack"


def all_asks(what: str) -> str:
    """Where the hub hears every venue ask; for a queue group."""
    return f"req.*.*.{what}"


def stream_subjects(stream: int) -> list[str]:
    """What stream `UP_nn` takes in."""
    first = stream * PARTITIONS_PER_STREAM
    return [f"up.*.*.{partition:02}.b" for partition in range(first, first + PARTITIONS_PER_STREAM)]


def origin_of(subject: str) -> tuple[str, str]:
    """The tenant's account key and the venue in a subject at the hub. Trust these, never the payload.

    Raises:
        ValueError: no subject of that form.
    """
    _, account, venue_id, *rest = subject.split(".")
    if not rest:
        raise ValueError(f"not a venue's subject: {subject}")
    return account, venue_id
