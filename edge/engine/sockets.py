"""WebSockets as uvicorn has them, but what a stranger sends is no fault of ours: it is answered, and the log stays clean."""

from http import HTTPStatus
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode
from websockets.http11 import Request

from doors.gate import Gate
from doors.protocol import Timed

_NO_HANDSHAKE = (
    b"HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    % (HTTPStatus.BAD_REQUEST, HTTPStatus.BAD_REQUEST.phrase.encode())
)  # fmt: skip


class StaffSocket(Timed, WebSocketsSansIOProtocol):
    """Gives two answers that uvicorn 0.54 does not, and is counted at the door until its screen is known.

    Made by `staff_socket`, which gives it its gate. The app tells it that its screen is known by calling what `scope["state"]`
    has under `known`; until then it may be sent away for one that comes later.
    """

    def connection_made(self, transport: Any) -> None:
        """Count it; one too many is ended."""
        super().connection_made(transport)
        if not self.arrived(transport):
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it no more."""
        self.gate.leave(self)
        super().connection_lost(exc)

    def handle_connect(self, event: Request) -> None:
        """Give the app a way to say that it knows who this is."""
        super().handle_connect(event)
        if self.response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            self.scope["state"]["known"] = self._know

    def _know(self) -> None:
        self.gate.know(self)

    def data_received(self, data: bytes) -> None:
        """Also end a connection whose request for a socket cannot be read: left alone, it would stay open for ever."""
        if self.transport.is_closing() and not self.handshake_initiated:
            return  # it was one too many
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.transport.is_closing():
            self.transport.write(b"".join(self.conn.data_to_send()) or _NO_HANDSHAKE)
            self.transport.close()

    def send_receive_event_to_app(self) -> None:
        """Also end a socket on text that is no UTF-8, with the code for it: uvicorn writes a traceback besides."""
        if self.curr_msg_data_type == "text" and not self.close_sent and not _is_utf8(b"".join(self.frames)):
            self.frames = []
            self.conn.send_close(CloseCode.INVALID_DATA)
            self.handle_parser_exception()
            return
        super().send_receive_event_to_app()


def staff_socket(gate: Gate) -> type[StaffSocket]:
    """The class of sockets that this gate counts."""
    return type("StaffSocket", (StaffSocket,), {"gate": gate})


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
