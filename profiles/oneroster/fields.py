"""The files of OneRoster 1.1 and 1.2 and their columns, in the order that the standard gives them."""

from dataclasses import dataclass

V1P1, V1P2 = "1.1", "1.2"


@dataclass(frozen=True, slots=True)
class Column:
    """kind: text, guid, guids, texts, date, datetime, year, integer, decimal, boolean, enum or scale.

    to: the file whose sourcedId a guid names. needed: False where a row is still of use when that row is
    missing.
    """

    name: str
    kind: str = "text"
    required: bool = False
    to: str = ""
    needed: bool = True
    values: tuple[str, ...] = ()


def _text(name: str, *, required: bool = False) -> Column:
    return Column(name, required=required)


def _ref(name: str, to: str, *, required: bool = False, needed: bool = True, many: bool = False) -> Column:
    return Column(name, "guids" if many else "guid", required=required, to=to, needed=needed)


def _enum(name: str, *values: str, required: bool = True) -> Column:
    return Column(name, "enum", required=required, values=values)


HEAD = (Column("sourcedId", "guid", required=True), Column("status"), Column("dateLastModified", "datetime"))
_RACES = (
    "americanIndianOrAlaskaNative",
    "asian",
    "blackOrAfricanAmerican",
    "nativeHawaiianOrOtherPacificIslander",
    "white",
    "demographicRaceTwoOrMoreRaces",
    "hispanicOrLatinoEthnicity",
)
_BIRTH = ("countryOfBirthCode", "stateOfBirthAbbreviation", "cityOfBirth", "publicSchoolResidenceStatus")
PEOPLE_ROLES = ("aide", "guardian", "parent", "proctor", "relative", "student", "teacher")

_ORGS = (
    *HEAD,
    _text("name", required=True),
    _enum("type", "department", "school", "district", "local", "state", "national"),
    _text("identifier"),
    _ref("parentSourcedId", "orgs", needed=False),
)
_SESSIONS = (
    *HEAD,
    _text("title", required=True),
    _enum("type", "gradingPeriod", "semester", "schoolYear", "term"),
    Column("startDate", "date", required=True),
    Column("endDate", "date", required=True),
    _ref("parentSourcedId", "academicSessions", needed=False),
    Column("schoolYear", "year", required=True),
)
_COURSES = (
    *HEAD,
    _ref("schoolYearSourcedId", "academicSessions", needed=False),
    _text("title", required=True),
    _text("courseCode"),
    Column("grades", "texts"),
    _ref("orgSourcedId", "orgs", required=True, needed=False),
    Column("subjects", "texts"),
    Column("subjectCodes", "texts"),
)
_CLASSES = (
    *HEAD,
    _text("title", required=True),
    Column("grades", "texts"),
    _ref("courseSourcedId", "courses", required=True),
    _text("classCode"),
    _enum("classType", "homeroom", "scheduled"),
    _text("location"),
    _ref("schoolSourcedId", "orgs", required=True),
    _ref("termSourcedIds", "academicSessions", required=True, many=True),
    Column("subjects", "texts"),
    Column("subjectCodes", "texts"),
    Column("periods", "texts"),
)


def _enrollments(*roles: str) -> tuple[Column, ...]:
    return (
        *HEAD,
        _ref("classSourcedId", "classes", required=True),
        _ref("schoolSourcedId", "orgs", required=True, needed=False),
        _ref("userSourcedId", "users", required=True),
        _enum("role", *roles),
        Column("primary", "boolean"),
        Column("beginDate", "date"),
        Column("endDate", "date"),
    )


_ENROLLMENT_ROLES = ("administrator", "proctor", "student", "teacher")
_NAMES = (_text("givenName", required=True), _text("familyName", required=True), _text("middleName"))
_CONTACT = (
    _text("identifier"),
    _text("email"),
    _text("sms"),
    _text("phone"),
    _ref("agentSourcedIds", "users", needed=False, many=True),
    Column("grades", "texts"),
    _text("password"),
)
_USERS_V1P1 = (
    *HEAD,
    Column("enabledUser", "boolean", required=True),
    _ref("orgSourcedIds", "orgs", required=True, many=True),
    _enum("role", "administrator", *PEOPLE_ROLES),
    _text("username", required=True),
    Column("userIds", "texts"),
    *_NAMES,
    *_CONTACT,
)
_USERS_V1P2 = (
    *HEAD,
    Column("enabledUser", "boolean", required=True),
    _text("username", required=True),
    Column("userIds", "texts"),
    *_NAMES,
    *_CONTACT,
    *(_text(name) for name in ("userMasterIdentifier", "preferredGivenName", "preferredMiddleName")),
    _text("preferredFamilyName"),
    _ref("primaryOrgSourcedId", "orgs", needed=False),
    _text("pronouns"),
)
_ROLES = (
    *HEAD,
    _ref("userSourcedId", "users", required=True),
    _enum("roleType", "primary", "secondary"),
    _enum(
        "role",
        "counselor",
        "districtAdministrator",
        "principal",
        "siteAdministrator",
        "systemAdministrator",
        *PEOPLE_ROLES,
    ),
    Column("beginDate", "date"),
    Column("endDate", "date"),
    _ref("orgSourcedId", "orgs", required=True),
    _ref("userProfileSourcedId", "userProfiles", needed=False),
)
_PROFILES = (
    *HEAD,
    _ref("userSourcedId", "users", required=True),
    _text("profileType", required=True),
    _text("vendorId", required=True),
    *(_text(name) for name in ("applicationId", "description")),
    _text("credentialType", required=True),
    _text("username", required=True),
    _text("password"),
)
_DEMOGRAPHICS = (
    Column("sourcedId", "guid", required=True, to="users"),
    *HEAD[1:],
    Column("birthDate", "date"),
    _enum("sex", "male", "female", "unspecified", "other", required=False),
    *(Column(name, "boolean") for name in _RACES),
    *(_text(name) for name in _BIRTH),
)
_CLASS_RESOURCES = (
    *HEAD,
    _text("title"),
    _ref("classSourcedId", "classes", required=True),
    _ref("resourceSourcedId", "resources", required=True),
)
_COURSE_RESOURCES = (
    *HEAD,
    _text("title"),
    _ref("courseSourcedId", "courses", required=True),
    _ref("resourceSourcedId", "resources", required=True),
)
_USER_RESOURCES = (
    *HEAD,
    _ref("userSourcedId", "users", required=True),
    _ref("orgSourcedId", "orgs"),
    _ref("classSourcedId", "classes"),
    _ref("resourceSourcedId", "resources", required=True),
)
_RESOURCES = (
    *HEAD,
    _text("vendorResourceId", required=True),
    _text("title"),
    Column("roles", "texts"),
    _enum("importance", "primary", "secondary", required=False),
    _text("vendorId"),
    _text("applicationId"),
)
_LINE_ITEMS_START = (
    *HEAD,
    _text("title", required=True),
    _text("description"),
    Column("assignDate", "date", required=True),
    Column("dueDate", "date", required=True),
    _ref("classSourcedId", "classes", required=True),
    _ref("categorySourcedId", "categories", required=True),
)
_LIMITS = (Column("resultValueMin", "decimal"), Column("resultValueMax", "decimal"))
_LINE_ITEMS_V1P1 = (
    *_LINE_ITEMS_START,
    _ref("gradingPeriodSourcedId", "academicSessions", required=True),
    *_LIMITS,
)
_LINE_ITEMS_V1P2 = (
    *_LINE_ITEMS_START,
    _ref("academicSessionSourcedId", "academicSessions"),
    *_LIMITS,
    _ref("schoolSourcedId", "orgs", required=True),
)
_STATUSES = ("exempt", "fully graded", "not submitted", "partially graded", "submitted")
_RESULTS_V1P1 = (
    *HEAD,
    _ref("lineItemSourcedId", "lineItems", required=True),
    _ref("studentSourcedId", "users", required=True),
    _enum("scoreStatus", *_STATUSES),
    Column("score", "decimal"),
    Column("scoreDate", "date", required=True),
    _text("comment"),
)
_RESULTS_V1P2 = (
    *_RESULTS_V1P1,
    _text("textScore"),
    _ref("classSourcedId", "classes"),
    *(Column(name, "boolean") for name in ("inProgress", "incomplete", "late", "missing")),
)
_SOURCES = _enum("source", "case", "unknown")
_SCALES = (
    *HEAD,
    _text("title", required=True),
    _text("type", required=True),
    _ref("orgSourcedId", "orgs"),
    _ref("courseSourcedId", "courses"),
    _ref("classSourcedId", "classes"),
    Column("scoreScaleValue", "scale", required=True),
)


def _scale_link(owner: str, to: str) -> tuple[Column, ...]:
    scale = _ref("scoreScaleSourcedId", "scoreScales", required=True)
    return (*HEAD, _text("title"), _ref(owner, to, required=True), scale)


_LINE_ITEM_OBJECTIVES = (
    *HEAD,
    _ref("lineItemSourcedId", "lineItems", required=True),
    _SOURCES,
    _text("learningObjectiveId", required=True),
)
_RESULT_OBJECTIVES = (
    *HEAD,
    _ref("resultSourcedId", "results", required=True),
    _SOURCES,
    _text("learningObjectiveId", required=True),
    Column("score", "decimal"),
    _text("textScore"),
)

_SHARED = {
    "academicSessions": _SESSIONS,
    "classes": _CLASSES,
    "classResources": _CLASS_RESOURCES,
    "courses": _COURSES,
    "courseResources": _COURSE_RESOURCES,
    "demographics": _DEMOGRAPHICS,
    "orgs": _ORGS,
    "resources": _RESOURCES,
}
FILES: dict[str, dict[str, tuple[Column, ...]]] = {
    V1P1: _SHARED
    | {
        "categories": (*HEAD, _text("title", required=True)),
        "enrollments": _enrollments("aide", *_ENROLLMENT_ROLES),
        "lineItems": _LINE_ITEMS_V1P1,
        "results": _RESULTS_V1P1,
        "users": _USERS_V1P1,
    },
    V1P2: _SHARED
    | {
        "categories": (*HEAD, _text("title", required=True), Column("weight", "integer")),
        "enrollments": _enrollments(*_ENROLLMENT_ROLES),
        "lineItems": _LINE_ITEMS_V1P2,
        "lineItemLearningObjectiveIds": _LINE_ITEM_OBJECTIVES,
        "lineItemScoreScales": _scale_link("lineItemSourcedId", "lineItems"),
        "results": _RESULTS_V1P2,
        "resultLearningObjectiveIds": _RESULT_OBJECTIVES,
        "resultScoreScales": _scale_link("resultSourcedId", "results"),
        "roles": _ROLES,
        "scoreScales": _SCALES,
        "userProfiles": _PROFILES,
        "userResources": _USER_RESOURCES,
        "users": _USERS_V1P2,
    },
}
IMPORTED = ("orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments")
"""What LRM takes over, in the order in which it is written; the other files are checked only."""
SPARE_V1P1 = frozenset(
    {
        ("academicSessions", "schoolYear"),  # the year of its last day
        ("classes", "courseSourcedId"),  # a course of its own
        ("courses", "orgSourcedId"),
        ("enrollments", "schoolSourcedId"),  # the school of its class
        ("users", "username"),
    }
)
"""Values that 1.1 asks for, exporters leave away, and LRM can do without."""
OLDER_NAMES = {"grade": "grades", "agents": "agentSourcedIds", "schoolYearId": "schoolYearSourcedId"}
"""Columns that 1.1 exporters still write under the names of OneRoster 1.0."""
