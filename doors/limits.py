"""What one stranger may take, with units and reasons. Whoever shows the key of a paired screen is bound by none of it but sizes.

A limit that bites counts in `/metrics` as `hos_doors_shut_total`, and is told in the journal once an hour.
"""

#: Bytes of a request's first line and headers. Ours are under 2 kB; a browser with many cookies sends 8.
HEADER_BYTES = 32 * 1024
#: Requests that wait on one connection behind the one that is answered. No browser sends a second before an answer.
PIPELINED = 8

#: Seconds that a fresh connection may say nothing: browsers open one ahead of need and use it within a few.
FIRST_BYTE_S = 30.0
#: Seconds from a request's first byte to the end of its headers. One packet, resent four times on a bad link.
HEADERS_S = 10.0
#: Seconds from there to the end of its body: 256 kB at a slow phone's 100 kbit/s.
BODY_S = 25.0
#: Seconds that a peer may take nothing of what is sent to it. It comes back with its cursor and has missed nothing.
UNREAD_S = 30.0
#: Seconds between two looks at who is late.
LOOK_S = 1.0

#: Connections of one address that never asked anything whole; the oldest goes when one more comes. Of a room of phones behind one
#: address each asks within milliseconds, so that what is old there is nobody who waits for us.
FRESH_OF_ONE = 64
#: Connections of one address in all: a room of 300 phones behind one address, each with its stream and one more.
CONNECTIONS_OF_ONE = 600
#: Connections of strangers in all, where the system allows as many: 40 kB each at most.
CONNECTIONS = 4_096
#: Descriptors that no stranger gets: 100 screens of staff, printers, the database's files, the hub.
KEPT_BACK = 256

#: Requests a minute of one address, screens' files and all: 300 phones that load the guest's app of 15 files in one minute.
REQUESTS_A_MINUTE = 6_000
#: Requests a minute of one address to `/health`, `/metrics` and `/schema`, which read more than they are worth to a stranger.
LOOKS_A_MINUTE = 300
#: Addresses whose counts are kept; one that asked for nothing for a minute is forgotten.
ADDRESSES = 10_000
