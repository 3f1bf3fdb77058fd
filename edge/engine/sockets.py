"""WebSockets as uvicorn has them, but what a stranger sends is no fault of ours: it is answered, and the log stays clean."""

from http import HTTPStatus

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode

_NO_HANDSHAKE = (
    b"HTTP/1.1 %d %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    % (HTTPStatus.BAD_REQUEST, HTTPStatus.BAD_REQUEST.phrase.encode())
)  # fmt: skip


class StaffSocket(WebSocketsSansIOProtocol):
    """Gives two answers that uvicorn 0.54 does not; once it gives both, this can go."""

    def data_received(self, data: bytes) -> None:
        """Also end a connection whose request for a socket cannot be read: left alone, it would stay open for ever."""
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


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
