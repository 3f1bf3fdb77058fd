"""QR codes and bitmaps as the print head makes them."""

import segno

from installer.simulators.printers.paper import Align, Image, Qr

_LEVELS = {48: "L", 49: "M", 50: "Q", 51: "H"}
_QUIET_MODULES = 8


class QrStore:
    """What GS ( k has set so far: size, level and the stored payload."""

    def __init__(self) -> None:
        self._module_dots = 3
        self._level = "L"
        self._payload = b""

    def accept(self, args: bytes, *, align: Align, print_dots: int) -> Qr | bytes | None:
        """A code when `args` orders one, the payload when `args` stores one, else nothing."""
        if len(args) < 3 or args[0] != 0x31:
            return None
        match args[1]:
            case 0x43:
                self._module_dots = min(16, max(1, args[2]))
            case 0x45:
                self._level = _LEVELS.get(args[2], "L")
            case 0x50:
                self._payload = args[3:]
                return self._payload
            case 0x51 if self._payload:
                return self._drawn(align=align, print_dots=print_dots)
        return None

    def _drawn(self, *, align: Align, print_dots: int) -> Qr:
        payload = self._payload.decode("utf-8", errors="replace")
        rows: tuple[str, ...] = ()
        try:
            code = segno.make(self._payload, error=self._level, micro=False, boost_error=False)
        except segno.DataOverflowError:
            pass
        else:
            if (len(code.matrix) + _QUIET_MODULES) * self._module_dots <= print_dots:
                rows = tuple("".join(str(int(module)) for module in row) for row in code.matrix)
        return Qr(payload=payload, level=self._level, module_dots=self._module_dots, align=align, rows=rows)


def raster(args: bytes, *, align: Align, print_dots: int) -> Image:
    """GS v 0: whole rows, bytes left to right."""
    row_bytes = args[1] | args[2] << 8
    bitmap = args[5:]
    width = row_bytes * 8
    scale_x = 2 if args[0] & 1 else 1
    return Image(
        width_dots=width,
        height_dots=len(bitmap) // row_bytes if row_bytes else 0,
        bitmap=bitmap,
        align=align,
        scale_x=scale_x,
        scale_y=2 if args[0] & 2 else 1,
        clipped_dots=max(0, width * scale_x - print_dots),
    )


def columns(args: bytes, *, align: Align, print_dots: int) -> Image:
    """ESC *: columns of 8 or 24 dots, each from the top down."""
    mode, width = args[0], args[1] | args[2] << 8
    column_bytes = 3 if mode in (32, 33) else 1
    row_bytes = (width + 7) // 8
    bitmap = bytearray(row_bytes * column_bytes * 8)
    for at, byte in enumerate(args[3:]):
        x, band = divmod(at, column_bytes)
        for bit in range(8):
            if byte & 0x80 >> bit:
                bitmap[(band * 8 + bit) * row_bytes + x // 8] |= 0x80 >> x % 8
    scale_x = 1 if mode in (1, 33) else 2
    return Image(
        width_dots=width,
        height_dots=column_bytes * 8,
        bitmap=bytes(bitmap),
        align=align,
        scale_x=scale_x,
        scale_y=1 if column_bytes == 3 else 3,
        clipped_dots=max(0, width * scale_x - print_dots),
    )


def joined(above: Image, below: Image) -> Image | None:
    """Two slices as one image, or None when they are two images."""
    same = (above.width_dots, above.align, above.scale_x, above.scale_y)
    if same != (below.width_dots, below.align, below.scale_x, below.scale_y):
        return None
    return Image(
        width_dots=above.width_dots,
        height_dots=above.height_dots + below.height_dots,
        bitmap=above.bitmap + below.bitmap,
        align=above.align,
        scale_x=above.scale_x,
        scale_y=above.scale_y,
        clipped_dots=above.clipped_dots,
    )
