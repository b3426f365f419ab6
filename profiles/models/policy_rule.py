"""What a district or a school has decided, from a day on: one row for one line of its policy."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import DISTRICT, Privacy
from lrm.scope import ScopedManager
from profiles.models.account import Account
from profiles.models.district import District, School


class PolicyRuleQuerySet(models.QuerySet):
    def in_force(self, on: date) -> "PolicyRuleQuerySet":
        """The newest that has begun, of each line for the district and for each school."""
        begun = self.filter(starts_on__lte=on, withdrawn_at__isnull=True)
        return begun.order_by("line", F("school").asc(nulls_last=True), "-starts_on", "-pk").distinct("line", "school")

    def to_come(self, after: date) -> "PolicyRuleQuerySet":
        return self.filter(starts_on__gt=after, withdrawn_at__isnull=True).order_by("starts_on", "pk")

    def visible_to(self, account: Account) -> "PolicyRuleQuerySet":
        """Rules of the district, and those of schools that the account administers."""
        rows = self.filter(district=account.district_id)
        if account.access.is_district_admin:
            return rows
        return rows.filter(Q(school__isnull=True) | Q(school__in=account.access.school_ids))

    def editable_by(self, account: Account) -> "PolicyRuleQuerySet":
        """Those of the district by its administrators; of a school also by that school's, where the line is theirs."""
        rows = self.filter(district=account.district_id)
        if account.access.is_district_admin:
            return rows
        return rows.filter(school__in=account.access.school_ids, line__in=OF_SCHOOLS)


class PolicyRule(models.Model):
    """Never edited; another decision is another row with its own first day. One that has not begun may be withdrawn.

    school: None for the whole district; a school's own comes before it.
    value: as `profiles.policy_values` describes it for each line; None ends what was decided here before, so that the
    district's counts again, or what LRM comes with.
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=DISTRICT,
        personal={
            "why": "to know later why it was decided",
            "created_by": "to know whom to ask about the rule",
            "withdrawn_by": "to know who took it back",
        },
        plain="id district school line starts_on value created_at withdrawn_at",
    )
    scope_field = "district"

    class Line(models.TextChoices):
        UPLOADS = "uploads", _("What students may hand in")
        FAMILY_READS = "family_reads", _("Families in conversations")
        OWN_VIEWS = "own_views", _("What students say of themselves")
        OWN_WORDS = "own_words", _("Profiles in students’ own words")
        WORDS = "words", _("Words on screens")
        LANGUAGE = "language", _("Language")
        LEVEL_WORDS = "level_words", _("Names of levels")
        MINIMUM_N = "minimum_n", _("Small figures")
        KEEPING = "keeping", _("How long records of a school stay")
        API_READS = "api_reads", _("What people’s programs may read")

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    line = models.CharField(max_length=16, choices=Line.choices)
    starts_on = models.DateField()
    value = models.JSONField(null=True)
    why = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(PolicyRuleQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["district", "line", "-starts_on"], name="policy_rule_newest")]


OF_LEVELS = (PolicyRule.Line.LEVEL_WORDS, PolicyRule.Line.MINIMUM_N)
"""Lines of which the district's part is in its policy of levels (assessments.models.MasteryPolicy)."""
ONLY_OF_SCHOOLS = (*OF_LEVELS, PolicyRule.Line.KEEPING)
"""Lines that have no rule of the district: of the last one its part is in RetentionPolicy."""
ONLY_OF_DISTRICT = (PolicyRule.Line.API_READS,)
"""Lines that no school writes."""
OF_SCHOOLS = (PolicyRule.Line.UPLOADS, PolicyRule.Line.WORDS, PolicyRule.Line.LANGUAGE, *OF_LEVELS)
"""Lines that a school's own administrators write for their school."""
