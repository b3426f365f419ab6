"""Pictures: decoded and drawn anew, so that nothing but pixels is kept.

No place, camera, comment, colour profile, second picture or appended data survives; the turn that a camera notes
beside the pixels is applied to them.
"""

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from lrm.intake.kinds import GIF, JPEG, PNG, WEBP, FileType
from lrm.intake.refusals import Refused

FORMATS = {"JPEG": JPEG, "MPO": JPEG, "PNG": PNG, "WEBP": WEBP, "GIF": GIF}
MOST_PIXELS = 25_000_000
MOST_JPEG_PIXELS = 50_000_000
"""A JPEG is decoded at the size that is kept, so that the photo of a large camera costs little memory."""
LONGEST_SIDE = 30_000
KEPT_SIDE = 2400
PREVIEW_SIDE = 480
QUALITY = 86


@dataclass(frozen=True)
class Redrawn:
    """data: the picture as it is kept.    preview: the same, small, as JPEG."""

    type: FileType
    data: bytes
    preview: bytes
    width: int
    height: int


def redraw(data: bytes, declared: FileType) -> Redrawn:
    """Raises Refused: not_what_it_says, too_many_dots, moves, damaged."""
    try:
        return _redrawn(data, declared)
    except Refused:
        raise
    except UnidentifiedImageError:
        raise Refused("not_what_it_says", said=declared.endings[0].upper()) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("too_many_dots") from None
    except Exception:
        raise Refused("damaged") from None  # what decoders raise on hostile bytes is theirs to choose


def _redrawn(data: bytes, declared: FileType) -> Redrawn:
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP", "GIF")) as picture:
        found = FORMATS[picture.format or ""]
        if found is not declared:
            raise Refused("not_what_it_says", said=declared.endings[0].upper())
        width, height = picture.size
        if width * height > (MOST_JPEG_PIXELS if found is JPEG else MOST_PIXELS) or max(width, height) > LONGEST_SIDE:
            raise Refused("too_many_dots")
        # Phones put a second view of the same photo behind a JPEG; its first one is the photo.
        if found is not JPEG and getattr(picture, "is_animated", False):
            raise Refused("moves")
        if found is JPEG:
            picture.draft("RGB", (KEPT_SIDE, KEPT_SIDE))
        picture.load()
        shown = ImageOps.exif_transpose(picture)
        is_clear = shown.mode in ("RGBA", "LA", "PA") or "transparency" in shown.info
        keeps_clear = found is not JPEG and is_clear
        flat = shown.convert("RGBA" if keeps_clear else "RGB")
    flat.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS)
    # A new picture from the pixels alone: `convert` and `thumbnail` carry notes of the old one along.
    kept = Image.new(flat.mode, flat.size)
    kept.paste(flat)
    kept_type = JPEG if found is JPEG or (found is WEBP and not keeps_clear) else PNG
    return Redrawn(kept_type, _encoded(kept, kept_type), _preview(kept), *kept.size)


def _encoded(picture: Image.Image, kept_type: FileType) -> bytes:
    store = io.BytesIO()
    if kept_type is JPEG:
        picture.save(store, "JPEG", quality=QUALITY, optimize=True)
    else:
        picture.save(store, "PNG", optimize=True)
    return store.getvalue()


def _preview(picture: Image.Image) -> bytes:
    """What is clear in the picture is white in its preview."""
    small = picture.copy()
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS)
    paper = Image.new("RGB", small.size, "white")
    paper.paste(small, mask=small.getchannel("A") if small.mode == "RGBA" else None)
    store = io.BytesIO()
    paper.save(store, "JPEG", quality=80, optimize=True)
    return store.getvalue()
