"""Work handed in by some students: words, a link, and pictures that are drawn here."""

import hashlib
import io
from datetime import timedelta
from functools import partial

from django.db import transaction
from PIL import Image, ImageDraw

from lrm.file_store import WORK
from lrm.intake import IMAGE, take_in
from paths.demo.seeding.goals import Drafted
from paths.demo.seeding.plan import Scene
from paths.demo.words.work import LINKS, PICTURES, TEXTS
from paths.models import Artifact, ArtifactReply

STEP = 8
SHARE = 0.3
ANSWERED_SHARE = 0.5
# Paper, ink, and two tones that mean nothing: the tones of levels belong to levels.
PAPER, INK, TONES = "#f7f1e3", "#3a3a3a", ("#b9c7a5", "#d9a9a0")


def make_work(scene: Scene, goals: list[Drafted]) -> int:
    """Two pieces for the demo's student, one for some of the others. Returns how many.

    goals: live and agreed ones, which the work is for. Each picture is drawn once and stored for each who hands it in.
    """
    rng = scene.chance(STEP)
    drawn = [take_in(io.BytesIO(_picture(n)), name=f"{n}.png", claim="image/png", allowed={IMAGE}) for n in range(4)]
    pieces: list[tuple[Artifact, Drafted]] = []
    replies: list[ArtifactReply] = []
    for d in goals:
        is_demo = d.room.is_demo_student(d.row)
        for n in range(3 if is_demo else int(rng.random() < SHARE)):
            kind = ("image", "text", "link")[n] if is_demo else ("text", "text", "link")[int(rng.integers(3))]
            chosen = int(rng.integers(1000))
            piece, answer = _piece(scene, d, kind, chosen, n)
            if kind == "image":
                picture = drawn[chosen % len(drawn)]
                piece.stored = WORK.put(picture.data, preview=picture.preview)
                piece.name, piece.media_type, piece.has_preview = f"{piece.title}.png", picture.media_type, True
                piece.size, piece.sha256 = len(picture.data), hashlib.sha256(picture.data).hexdigest()
                transaction.on_commit(partial(WORK.settle, piece.stored))
            pieces.append((piece, d))
            if answer and (is_demo or rng.random() < ANSWERED_SHARE):
                at = piece.created_at + timedelta(hours=4)
                replies.append(ArtifactReply(artifact=piece, at=at, by=d.teacher, text=answer))
    Artifact.objects.bulk_create(piece for piece, _ in pieces)
    Artifact.standards.through.objects.bulk_create(
        Artifact.standards.through(artifact=piece, standard_id=scene.standard_ids[d.aim.standard.code])
        for piece, d in pieces
        if d.aim.standard
    )
    ArtifactReply.objects.bulk_create(replies)
    return len(pieces)


def _piece(scene: Scene, d: Drafted, kind: str, chosen: int, n: int) -> tuple[Artifact, str]:
    at = scene.at(scene.day_before(2 + n + chosen % 5), 13, 10 + n)
    piece = Artifact(
        uuid=scene.uuid("work", d.goal.uuid, n), learner=d.learner, by=d.account, kind=kind, goal=d.goal,
        created_at=at, updated_at=at,
    )  # fmt: skip
    if kind == "link":
        piece.title, piece.link, piece.text = LINKS[chosen % len(LINKS)]
        return piece, ""
    piece.title, piece.text, answer = (PICTURES if kind == "image" else TEXTS)[
        chosen % len(PICTURES if kind == "image" else TEXTS)
    ]
    return piece, answer


def _picture(number: int) -> bytes:
    """One of four simple drawings, as a child could make them with a ruler."""
    picture = Image.new("RGB", (640, 420), PAPER)
    pen = ImageDraw.Draw(picture)
    if number == 0:
        for row, parts in enumerate((2, 3, 4)):
            for part in range(parts):
                left, width = 40 + part * 560 // parts, 560 // parts
                fill = TONES[row % 2] if part == 0 else PAPER
                pen.rectangle((left, 60 + 110 * row, left + width, 140 + 110 * row), fill=fill, outline=INK, width=4)
    elif number == 1:
        pen.line((40, 210, 600, 210), fill=INK, width=5)
        for tick in range(11):
            pen.line((40 + 56 * tick, 190 - 15 * (tick % 5 == 0), 40 + 56 * tick, 225), fill=INK, width=4)
        pen.ellipse((380, 150, 410, 180), fill=TONES[1], outline=INK, width=3)
    elif number == 2:
        for ring in range(5):
            pen.rectangle((60 + 40 * ring, 40 + 30 * ring, 580 - 40 * ring, 380 - 30 * ring), outline=INK, width=4)
        pen.ellipse((290, 180, 350, 240), fill=TONES[0])
    else:
        for bar, height in enumerate((120, 260, 180, 90, 220)):
            pen.rectangle(
                (70 + 105 * bar, 380 - height, 140 + 105 * bar, 380), fill=TONES[bar % 2], outline=INK, width=4
            )
        pen.line((40, 382, 600, 382), fill=INK, width=5)
    store = io.BytesIO()
    picture.save(store, "PNG")
    return store.getvalue()
