from profiles.models.access_log import AccessLog
from profiles.models.account import Account, AdminRole
from profiles.models.adult_copy import AdultCopy
from profiles.models.api_token import ApiToken
from profiles.models.audit_entry import AuditEntry
from profiles.models.badge import Badge, Device
from profiles.models.block import Block
from profiles.models.bulk_export import BulkExport
from profiles.models.district import AcademicSession, Course, District, School
from profiles.models.entry import ProfileEntry
from profiles.models.erasure import AdultHold, Erasure, LegalHold
from profiles.models.guardianship import Guardianship
from profiles.models.home_school import HomeSchool
from profiles.models.integration import Integration
from profiles.models.invitation import AccountEvent, Invitation
from profiles.models.kept_answer import KeptAnswer
from profiles.models.learner import Learner
from profiles.models.learner_copy import LearnerCopy
from profiles.models.merge import LearnerMerge
from profiles.models.objection import Objection
from profiles.models.policy_rule import PolicyRule
from profiles.models.published_list import PublishedList, PublishedMember
from profiles.models.retention import RetentionPolicy, RetentionRun
from profiles.models.roll_over import RollOver
from profiles.models.roster import Enrollment, Roster, Section
from profiles.models.roster_act import RosterAct, RosterChange
from profiles.models.roster_import import ImportedRows, RosterImport, RosterPolicy, RosterStamp
from profiles.models.screen_name import ScreenName
from profiles.models.sign_in import SignInAttempt
from profiles.models.sign_in_policy import SecondStepAsk, SignInPolicy
from profiles.models.signed_in import SignedIn
from profiles.models.single_sign_on import SignInChange, SingleSignOn
from profiles.models.staff_note import StaffNote
from profiles.models.subgroup import Subgroup, SubgroupMember
from profiles.models.support import Support
from profiles.models.told_apart import ToldApart
from profiles.models.upload import Upload
from profiles.models.webhook import Webhook, WebhookDelivery

__all__ = [
    "AcademicSession",
    "AccessLog",
    "Account",
    "AccountEvent",
    "AdminRole",
    "AdultCopy",
    "AdultHold",
    "ApiToken",
    "AuditEntry",
    "Badge",
    "Block",
    "BulkExport",
    "Course",
    "Device",
    "District",
    "Enrollment",
    "Erasure",
    "Guardianship",
    "HomeSchool",
    "ImportedRows",
    "Integration",
    "Invitation",
    "KeptAnswer",
    "Learner",
    "LearnerCopy",
    "LearnerMerge",
    "LegalHold",
    "Objection",
    "PolicyRule",
    "ProfileEntry",
    "PublishedList",
    "PublishedMember",
    "RetentionPolicy",
    "RetentionRun",
    "RollOver",
    "Roster",
    "RosterAct",
    "RosterChange",
    "RosterImport",
    "RosterPolicy",
    "RosterStamp",
    "School",
    "ScreenName",
    "SecondStepAsk",
    "Section",
    "SignInAttempt",
    "SignInChange",
    "SignInPolicy",
    "SignedIn",
    "SingleSignOn",
    "StaffNote",
    "Subgroup",
    "SubgroupMember",
    "Support",
    "ToldApart",
    "Upload",
    "Webhook",
    "WebhookDelivery",
]
