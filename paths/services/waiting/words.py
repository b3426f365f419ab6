"""Lines and reflections about goals that nobody has answered."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lrm.days import said_on
from paths.services.today_lines import MOST_OF_A_KIND, TODAY, WEEK, Line, People, sentence, short
from paths.services.waiting.source import Source, Waiting

# Of three weeks. A check-in after which the same goal got another is left: the newer one is what there is to answer.
SELECT = """
SELECT 'check_in', c.id, c.goal_id, g.learner_id, NULL, c.text, c.at, 1
  FROM paths_checkin c JOIN paths_goal g ON g.id = c.goal_id
 WHERE g.learner_id = ANY(%(learners)s) AND c.replied_at IS NULL AND c.text <> ''
   AND c.at >= %(now)s - interval '21 days'
   AND NOT EXISTS (SELECT FROM paths_checkin n WHERE n.goal_id = c.goal_id AND n.at > c.at)
UNION ALL
SELECT 'reflection', r.id, r.goal_id, g.learner_id, NULL, r.text, r.at, 1
  FROM paths_reflection r JOIN paths_goal g ON g.id = r.goal_id
 WHERE g.learner_id = ANY(%(learners)s) AND r.replied_at IS NULL AND r.text <> ''
   AND r.at >= %(now)s - interval '21 days' AND NOT r.is_draft
"""


def lines_of_words(rows: Sequence[Waiting], people: People, today: date) -> list[Line]:
    lines = []
    for row in rows[:MOST_OF_A_KIND]:
        what = _("<strong>{}</strong> looked back on a goal") if row.kind == "reflection" else None
        lines.append(
            Line(
                key=f"{row.kind}:{row.pk}",
                part=TODAY,
                icon="message-square",
                what=format_html(what or _("<strong>{}</strong> wrote about a goal"), people.names[row.learner_id]),
                reason=f"“{short(row.text)}” {sentence(said_on(row.at))}",
                url=reverse("goal", args=[row.about]),
                button=_("Answer"),
                learners=(row.learner_id,),
            )
        )
    if rest := rows[MOST_OF_A_KIND:]:
        who = list(dict.fromkeys(row.learner_id for row in rest))
        lines.append(
            Line(
                key=f"words:{max(row.pk for row in rest)}",
                part=WEEK,
                icon="message-square",
                what=format_html(
                    ngettext(
                        "<strong>{} more line</strong> waits for an answer",
                        "<strong>{} more lines</strong> wait for an answer",
                        len(rest),
                    ),
                    len(rest),
                ),
                reason=_("From %(names)s. The newest stand above.") % {"names": people.said(who)},
                url=reverse("goal", args=[rest[0].about]),
                button=_("Answer one"),
                learners=tuple(who),
            )
        )
    return lines


SOURCE = Source(("check_in", "reflection"), SELECT, lines_of_words)
