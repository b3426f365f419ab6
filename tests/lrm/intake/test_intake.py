"""What comes in, and what does not. Every hostile file is made here, by code."""

import io
import random
import zlib

import pytest
from PIL import Image, ImageChops

from lrm.intake import AUDIO, IMAGE, PDF, VIDEO, Refused, films, pdf_objects, pdfs, sounds, take_in
from lrm.intake.refusals import REASONS
from tests.factories.files import (
    box,
    element,
    make_moving,
    make_mp3,
    make_mp4,
    make_ogg,
    make_pdf,
    make_photo,
    make_picture,
    make_png_that_says,
    make_stream,
    make_wav,
    make_webm,
    make_zip,
)

ALL = frozenset({IMAGE, PDF, AUDIO, VIDEO})
QUIET = frozenset({IMAGE, PDF})
PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def took(data: bytes, name: str, claim: str = "", allowed=ALL):
    return take_in(io.BytesIO(data), name=name, claim=claim, allowed=allowed)


def reason(data: bytes, name: str, claim: str = "", allowed=ALL) -> str:
    with pytest.raises(Refused) as refused:
        took(data, name, claim, allowed)
    assert refused.value.message, "a person is told why"
    return refused.value.code


def objects_in_stream(content: bytes, entries: bytes = b"", **options) -> bytes:
    return make_stream(b"5 0 " + content, b"/Type /ObjStm /N 1 /First 4 " + entries, **options)


def hidden(between: bytes, *, head: bytes = b"/First 4 /N 1") -> bytes:
    """An object stream packed so that only its dictionary tells; `between` tries to cut the dictionary in two."""
    packed = b"5 0 << /S /JavaScript >>".hex().encode() + b">"
    entries = head + b" " + between + b"/Length %d /Filter /ASCIIHexDecode" % len(packed)
    return b"<< " + entries + b" >>\nstream\n" + packed + b"\nendstream"


@pytest.mark.parametrize(
    ("data", "name", "claim", "media_type", "kind"),
    [
        (make_picture(), "My drawing.JPG", "image/jpeg", "image/jpeg", "image"),
        (make_picture("PNG"), "a.png", "image/png", "image/png", "image"),
        (make_picture("WEBP"), "a.webp", "image/webp", "image/jpeg", "image"),
        (make_picture("GIF"), "a.gif", "image/gif", "image/png", "image"),
        (make_pdf(), "page.pdf", "application/pdf", "application/pdf", "pdf"),
        (make_pdf(objects_in_stream(b"<< /Title (x) >>")), "page.pdf", "", "application/pdf", "pdf"),
        (make_wav(), "a.wav", "audio/x-wav", "audio/wav", "audio"),
        (make_mp3(), "a.mp3", "audio/mpeg", "audio/mpeg", "audio"),
        (make_mp3(tag=b"TIT2" + bytes(60)), "a.mp3", "audio/mpeg", "audio/mpeg", "audio"),
        (make_mp4(), "a.mp4", "video/mp4", "video/mp4", "video"),
        (make_mp4(brand=b"M4A ", tracks=(b"soun",)), "a.m4a", "audio/x-m4a", "audio/mp4", "audio"),
        (make_mp4(brand=b"qt  "), "IMG_1.MOV", "video/quicktime", "video/quicktime", "video"),
        (make_ogg(), "a.ogg", "audio/ogg", "audio/ogg", "audio"),
        (make_ogg(b"\x80theora\x03"), "a.ogv", "video/ogg", "video/ogg", "video"),
        (make_webm(), "a.webm", "video/webm", "video/webm", "video"),
        (make_webm(track=2), "a.webm", "audio/webm", "audio/webm", "audio"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_sound_files_come_in_as_what_they_are(data, name, claim, media_type, kind):
    taken = took(data, name, claim)
    assert (taken.media_type, taken.kind) == (media_type, kind)
    assert took(data, name, "application/octet-stream").media_type == media_type  # no claim is no lie


def test_a_photo_keeps_its_pixels_and_nothing_else():
    photo = make_photo(turn=6)
    assert b"Some Camera" in photo
    assert b"our kitchen" in photo
    taken = took(photo, "photo.jpg", "image/jpeg")
    kept = Image.open(io.BytesIO(taken.data))
    assert dict(kept.getexif()) == {}
    assert sorted(set(kept.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}) == []
    assert b"Some Camera" not in taken.data
    assert b"our kitchen" not in taken.data
    assert kept.size == (48, 64), "turned as the camera noted it"
    assert kept.getpixel((24, 2))[0] < 40, "the bar of the left edge is at the top"
    assert kept.getpixel((24, 60))[0] > 200


def test_a_clear_png_stays_clear_and_its_words_go():
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Comment", "my street")
    store = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(store, "PNG", pnginfo=notes)
    taken = took(store.getvalue(), "a.png")
    kept = Image.open(io.BytesIO(taken.data))
    assert kept.mode == "RGBA"
    assert kept.getpixel((1, 1))[3] == 0
    assert b"my street" not in taken.data
    assert Image.open(io.BytesIO(taken.preview)).getpixel((1, 1)) == (255, 255, 255)


def test_a_large_picture_is_kept_smaller_and_has_a_small_preview():
    taken = took(make_picture(size=(3000, 1500)), "a.jpg")
    assert Image.open(io.BytesIO(taken.data)).size == (2400, 1200)
    assert max(Image.open(io.BytesIO(taken.preview)).size) == 480


def test_what_hangs_behind_a_picture_is_not_kept():
    taken = took(make_picture("PNG") + b"seven more words that nobody asked for", "a.png")
    assert b"nobody asked" not in taken.data
    plain = took(make_picture("PNG"), "a.png")
    same = ImageChops.difference(Image.open(io.BytesIO(taken.data)), Image.open(io.BytesIO(plain.data)))
    assert same.getbbox() is None


@pytest.mark.parametrize(
    ("data", "name", "claim", "code"),
    [
        # names
        (make_picture(), "photo", "", "no_ending"),
        (make_picture(), "photo.", "", "no_ending"),
        (make_picture(), "photo.exe", "image/jpeg", "not_taken"),
        (make_picture(), "photo.jpg.exe", "", "not_taken"),
        (make_picture(), "page.html.jpg", "", "two_endings"),
        (make_picture(), "run.PHP .jpg", "", "two_endings"),
        (make_picture(), "exe.\u202egpj.jpg", "", "hidden_letters"),
        (make_picture(), "a\x00.jpg", "", "hidden_letters"),
        (make_picture(), "a\r\nSet-Cookie: b.jpg", "", "hidden_letters"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "image/svg+xml", "drawing_code"),
        (PAGE, "a.html", "text/html", "web_page"),
        (b"<?xml version='1.0'?><a/>", "a.xml", "text/xml", "web_page"),
        (make_zip("word/vbaProject.bin"), "a.docm", "", "office"),
        (make_zip(), "a.zip", "application/zip", "archive"),
        (b"#!/bin/sh\nrm -rf /", "a.sh", "", "not_taken"),
        # lies
        (b"", "a.jpg", "image/jpeg", "empty"),
        (make_picture("PNG"), "a.jpg", "image/jpeg", "not_what_it_says"),
        (make_picture(), "a.jpg", "text/html", "not_what_it_says"),
        (make_picture(), "a.jpg", "image/svg+xml", "not_what_it_says"),
        (PAGE, "a.jpg", "image/jpeg", "not_what_it_says"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "image/png", "not_what_it_says"),
        (make_zip("word/document.xml"), "a.pdf", "application/pdf", "not_what_it_says"),
        (make_pdf(), "a.png", "image/png", "not_what_it_says"),
        (make_picture(), "a.pdf", "application/pdf", "not_what_it_says"),
        (make_wav(), "a.mp3", "audio/mpeg", "not_what_it_says"),
        (make_ogg(), "a.webm", "video/webm", "not_what_it_says"),
        (make_mp4(brand=b"heic"), "a.mp4", "video/mp4", "not_what_it_says"),
        (make_mp4(), "a.m4a", "audio/mp4", "not_what_it_says"),
        # bombs and broken pictures
        (make_png_that_says(30_000, 30_000), "a.png", "", "too_many_dots"),
        (make_png_that_says(6_000, 6_000), "a.png", "", "too_many_dots"),
        (make_png_that_says(40_000, 10), "a.png", "", "too_many_dots"),
        (make_png_that_says(500, 500), "a.png", "", "damaged"),
        (make_picture()[:300], "a.jpg", "", "damaged"),
        (make_picture("PNG")[:60], "a.png", "", "damaged"),
        (make_moving("GIF"), "a.gif", "", "moves"),
        (make_moving("PNG"), "a.png", "", "moves"),
        (make_moving("WEBP"), "a.webp", "", "moves"),
        # two formats at once
        (make_photo(comment=PAGE), "a.jpg", "", "second_file"),
        (make_picture() + PAGE, "a.jpg", "", "second_file"),
        (make_picture("GIF") + b"<?php system($_GET[0]);", "a.gif", "", "second_file"),
        (make_picture("PNG") + make_zip("A.class"), "a.png", "", "second_file"),
        (make_photo(comment=b"%PDF-1.7"), "a.jpg", "", "second_file"),
        (make_pdf(tail=make_zip()), "a.pdf", "", "second_file"),
        (make_pdf(tail=PAGE), "a.pdf", "", "second_file"),
        (make_pdf(b"<< /Title (" + PAGE + b") >>"), "a.pdf", "", "second_file"),
        (b"\n" + make_pdf(), "a.pdf", "", "not_what_it_says"),
        (make_pdf()[:-8], "a.pdf", "", "damaged"),
        (make_wav() + make_zip(), "a.wav", "", "second_file"),
        (make_mp3(tag=PAGE + bytes(40)), "a.mp3", "", "second_file"),
        (make_mp3() + make_zip(), "a.mp3", "", "second_file"),
        (make_mp4(more=box(b"evil", b"x")), "a.mp4", "", "second_file"),
        (make_mp4(more=b"PK\x03\x04" + bytes(50)), "a.mp4", "", "damaged"),
        (make_mp4()[:-20], "a.mp4", "", "damaged"),
        (make_ogg() + PAGE, "a.ogg", "", "second_file"),
        (make_ogg()[:-5], "a.ogg", "", "damaged"),
        (make_webm(tail=make_zip()), "a.webm", "", "second_file"),
        (make_webm(more=element(0x1941A469, PAGE)), "a.webm", "", "second_file"),
        (make_webm()[:-9], "a.webm", "", "damaged"),
        (make_webm(track=17), "a.webm", "", "second_file"),
        # PDFs that act
        (make_pdf(catalog=b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "a.pdf", "", "pdf_runs"),
        (make_pdf(b"<< /S /J#61vaScript /J#53 (x) >>"), "a.pdf", "", "pdf_runs"),
        (make_pdf(b"<< /S /#4a#61#76#61#53#63#72#69#70#74 >>"), "a.pdf", "", "pdf_runs"),
        (make_pdf(b"<< /S/Launch/F(cmd.exe) >>"), "a.pdf", "", "pdf_runs"),
        (make_pdf(b"<< /AA << /O 9 0 R >> >>"), "a.pdf", "", "pdf_runs"),
        (make_pdf(b"<< /Subtype /RichMedia >>"), "a.pdf", "", "pdf_runs"),
        (make_pdf(b"<< /S /SubmitForm /F (http://example.org) >>"), "a.pdf", "", "pdf_runs"),
        (make_pdf(b"<< /XFA 9 0 R >>"), "a.pdf", "", "pdf_runs"),
        (make_pdf(b"<< /Type /EmbeddedFile >>"), "a.pdf", "", "pdf_holds_files"),
        (make_pdf(b"<< /Names << /Embedded#46iles 9 0 R >> >>"), "a.pdf", "", "pdf_holds_files"),
        (make_pdf(b"<< /Encrypt 9 0 R >>"), "a.pdf", "", "pdf_locked"),
        (make_pdf(objects_in_stream(b"<< /S /JavaScript >>")), "a.pdf", "", "pdf_runs"),
        (make_pdf(objects_in_stream(b"<< /JS (x) >>")), "a.pdf", "", "pdf_runs"),
        (make_pdf(make_stream(b" " * 70_000 + b"<< /S /Launch >>")), "a.pdf", "", "pdf_runs"),
        (make_pdf(b"% stream\n<< /S /JavaScript >>\n% endstream"), "a.pdf", "", "pdf_runs"),
        (
            make_pdf(objects_in_stream(zlib.compress(b"<< /S /JavaScript >>"), b"/Filter [/FlateDecode /FlateDecode]")),
            "a.pdf",
            "",
            "pdf_packed",
        ),
        (make_pdf(objects_in_stream(b"<< >>", b"/DecodeParms << /Predictor 12 >>")), "a.pdf", "", "pdf_packed"),
        (make_pdf(objects_in_stream(b"3C3C>", b"/Filter /ASCIIHexDecode", packed=False)), "a.pdf", "", "pdf_packed"),
        (make_pdf(make_stream(bytes(101 * 2**20))), "a.pdf", "", "pdf_packed"),
        (make_pdf(hidden(b"% 9 0 obj\n")), "a.pdf", "", "pdf_packed"),
        (make_pdf(hidden(b"/Note (9 0 obj << >> endobj \\) stream) ")), "a.pdf", "", "pdf_packed"),
        (make_pdf(hidden(b"/Note <" + b"20" * 6000 + b"> ")), "a.pdf", "", "pdf_packed"),
        (make_pdf(hidden(b"", head=b"/#46irst 4 /#4E 1")), "a.pdf", "", "pdf_packed"),
        (make_pdf(objects_in_stream(b"<< /JS (x) >>", b"% obj\n")), "a.pdf", "", "pdf_runs"),
    ],
    ids=lambda value: value.encode("unicode_escape").decode() if isinstance(value, str) else "",
)
def test_hostile_files_stay_out_with_a_reason(data, name, claim, code):
    assert reason(data, name, claim) == code


def test_a_file_of_very_many_very_small_parts_is_refused_without_reading_all_of_them():
    """Each costs little and a million of them much. A time would not say so on a busy machine: the counts do."""
    streams = b"stream\nx\nendstream\n" * (pdfs.MOST_STREAMS + 1)
    assert reason(make_pdf(streams), "a.pdf") == "pdf_packed"
    assert reason(make_pdf(b"obj << (" * 60_000), "a.pdf") == "pdf_packed"
    assert reason(make_pdf(b"obj %" * 60_000), "a.pdf") == "pdf_packed"
    assert reason(make_pdf(b"obj " * (pdf_objects.MOST_HEADS + 1)), "a.pdf") == "pdf_packed"
    assert reason(make_pdf(b"/aa" * (pdfs.MOST_NAMES // 2 + 1)), "a.pdf") == "pdf_packed"
    nothing = element(0xEC, b"") * (films.MOST_ELEMENTS + 1)
    assert reason(make_webm(more=nothing), "a.webm") == "damaged"
    pages = b"OggS\x00\x00" + bytes(21)
    assert reason(make_ogg() + pages * (films.MOST_PAGES + 1), "a.ogg") == "damaged"
    chunk = b"LIST" + bytes(4)
    many = b"WAVE" + chunk * (sounds.MOST_CHUNKS + 1)
    assert reason(b"RIFF" + len(many).to_bytes(4, "little") + many, "a.wav") == "damaged"


def test_sound_and_video_stay_out_until_they_are_allowed():
    assert reason(make_wav(), "a.wav", allowed=QUIET) == "not_allowed_audio"
    assert reason(make_mp4(), "a.mp4", allowed=QUIET) == "not_allowed_video"
    assert reason(make_webm(), "a.webm", allowed=QUIET | {AUDIO}) == "not_allowed_video"
    assert took(make_webm(track=2), "a.webm", allowed=QUIET | {AUDIO}).kind == "audio"
    assert reason(make_mp4(), "a.mp4", allowed=QUIET | {AUDIO}) == "not_allowed_video"


def test_the_place_where_a_film_was_made_is_blotted_out_and_nothing_moves():
    film = make_mp4()
    assert b"+42.3601" in film
    taken = took(film, "a.mp4")
    assert b"+42.3601" not in taken.data
    assert len(taken.data) == len(film)
    assert taken.data.index(b"mdat") == film.index(b"mdat")


def test_a_box_with_a_long_size_is_blotted_out_too():
    notes = b"\x00\x00\x00\x01udta" + (16 + 20).to_bytes(8, "big") + b"+42.3601-071.0589/.."
    film = make_mp4(more=notes)
    assert b"+42.3601" not in took(film, "a.mp4").data


def test_a_file_over_its_limit_is_refused_with_the_limit():
    with pytest.raises(Refused) as refused:
        took(make_wav() + bytes(20 * 2**20), "a.wav")
    assert refused.value.code == "too_large"
    assert "20 MB" in refused.value.message


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd/My Work.jpg", "My Work.jpg"),
        ("C:\\Users\\ana\\photo.jpeg", "photo.jpg"),
        ("a<b>c\"d';e.jpg", "abcd'e.jpg"),
        ("5.NF.1 my   work.jpg", "5.NF.1 my work.jpg"),
        ("nin\u0303o.jpg", "ni\u00f1o.jpg"),
        ("joined\u200d\u200f.jpg", "joined.jpg"),
        (".jpg", "image.jpg"),
        ("x" * 300 + ".jpg", "x" * 100 + ".jpg"),
    ],
)
def test_names_lead_nowhere(name, shown):
    assert took(make_picture(), name).name == shown


SOUND = [
    (make_photo(), "a.jpg"),
    (make_picture("PNG"), "a.png"),
    (make_picture("WEBP"), "a.webp"),
    (make_picture("GIF"), "a.gif"),
    (make_pdf(objects_in_stream(b"<< /Title (x) >>")), "a.pdf"),
    (make_wav(), "a.wav"),
    (make_mp3(tag=b"TIT2" + bytes(60)), "a.mp3"),
    (make_mp4(), "a.mp4"),
    (make_ogg(), "a.ogg"),
    (make_webm(), "a.webm"),
]


@pytest.mark.parametrize(("data", "name"), SOUND, ids=[name for _, name in SOUND])
def test_a_file_with_some_bytes_changed_comes_in_or_is_refused_and_never_fails(data, name):
    """Chance is seeded, so that what fails fails again."""
    chance = random.Random(5)
    for _ in range(150):
        changed = bytearray(data)
        for _ in range(chance.choice((1, 4, 20))):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        if chance.random() < 0.3:
            del changed[chance.randrange(len(changed)) :]
        try:
            took(bytes(changed), name)
        except Refused as refused:
            assert refused.message  # noqa: PT017  (what matters is that nothing else is raised)


def test_every_reason_is_plain():
    """A way out in each, no word that hurts."""
    for code, text in REASONS.items():
        words = str(text)
        assert words.endswith("."), code
        assert "invalid" not in words.lower(), code
        assert "must" not in words.lower().split(), code
