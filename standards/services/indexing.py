"""What search looks in: words of the language where PostgreSQL knows it, and the parts of a code as they are."""

import re
from collections.abc import Iterable

from django.db import connection
from psycopg2.extras import execute_values

from standards.services.text import plain_text

LANGUAGES = {"en": "english", "es": "spanish", "fr": "french", "de": "german", "pt": "portuguese", "it": "italian"}
_UPDATE = """
UPDATE standards_standard AS s
   SET search = setweight(to_tsvector('simple', v.code), 'A')
             || setweight(to_tsvector(v.words::regconfig, v.title), 'B')
             || setweight(to_tsvector(v.words::regconfig, v.statement), 'C')
  FROM (VALUES %s) AS v(id, words, code, title, statement)
 WHERE s.id = v.id
"""


def words_of(language: str) -> str:
    """The text search configuration of a language tag such as "en-US"; "simple" where there is none."""
    return LANGUAGES.get(language.lower()[:2], "simple" if language else "english")


def code_parts(code: str) -> str:
    """The parts of a code, apart: "5.NF.A.1" is "5 nf a 1"; PostgreSQL would take the whole for a host name."""
    return " ".join(re.findall(r"[^\W_]+", code)).lower()


def index(rows: Iterable[tuple[int, str, str, str, str]]) -> None:
    """Write the search column of standards. rows: (id, language, code, short title, statement)."""
    values = [
        (pk, words_of(language), code_parts(code), plain_text(title), plain_text(statement))
        for pk, language, code, title, statement in rows
    ]
    if values:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, _UPDATE, values, page_size=500)
