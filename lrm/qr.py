"""A QR code as one path, drawn by the page itself: no picture to fetch, sharp on paper."""

from functools import lru_cache
from itertools import groupby

QUIET = 4  # modules around it, as ISO/IEC 18004 wants


@lru_cache(maxsize=512)
def qr_drawing(text: str) -> dict:
    """size: modules on each side, quiet zone included; path: d of the dark ones, one stroke a run, one module high."""
    from qrcode import QRCode  # a megabyte and a half that only paper needs
    from qrcode.constants import ERROR_CORRECT_M  # the same

    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = []
    for y, row in enumerate(rows):
        x = 0
        for is_dark, run in groupby(row):
            length = len(list(run))
            if is_dark:
                path.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return {"size": len(rows), "path": "".join(path)}
