"""Beginnings of answers about oneself, for those who write their first sentences: {kind: (icon, question, lines)}."""

from django.utils.translation import gettext_lazy as _

from profiles.models import ProfileEntry

Kind = ProfileEntry.Kind

ASKED = {
    Kind.STRENGTH: ("star", _("What are you good at?"), (_("I am good at …"), _("I can …"), _("I know a lot about …"))),
    Kind.NEED: ("puzzle", _("What is hard for you?"), (_("It is hard to …"), _("I need help with …"))),
    Kind.INTEREST: (
        "heart",
        _("What do you like?"),
        (_("I like …"), _("I love to …"), _("I want to know about …")),
    ),
    Kind.MOTIVATION: ("zap", _("What makes you want to start?"), (_("I start when …"), _("It is fun when …"))),
    Kind.ASPIRATION: ("rocket", _("What do you want to do one day?"), (_("One day I want to …"), _("I want to be …"))),
    Kind.LEARNS_BEST: (
        "house",
        _("Where and with whom do you learn best?"),
        (_("I learn best with …"), _("I like to sit …"), _("I like it quiet."), _("I like to talk about it.")),
    ),
}
