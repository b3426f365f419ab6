# ruff: noqa: E501  lines of files as they are
"""A small 1.1 package and a small 1.2 package, valid by default; tests change one thing in them."""

import io
import zipfile

V1P1 = {
    "manifest.csv": """propertyName,value
manifest.version,1.0
oneroster.version,1.1
file.orgs,bulk
file.academicSessions,bulk
file.courses,bulk
file.classes,bulk
file.users,bulk
file.enrollments,bulk
file.demographics,absent
""",
    "orgs.csv": """sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId
d1,,,Lakeside District,district,,
s1,,,Maple School,school,,d1
""",
    "academicSessions.csv": """sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear
y1,,,2026-27,schoolYear,2026-08-24,2027-06-11,,2027
t1,,,Fall,term,2026-08-24,2026-12-18,y1,2027
""",
    "courses.csv": """sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes
c1,,,y1,Mathematics 5,M5,05,s1,Mathematics,
""",
    "classes.csv": """sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods
k1,,,5 Maple Math,05,c1,5MM,scheduled,12,s1,t1,Mathematics,,1
""",
    "users.csv": """sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password
u1,,,true,s1,teacher,delgado,,Rosa,Delgado,,,rosa@lakeside.example,,,,,
u2,,,true,s1,student,ana,,Ana,Ruiz,,,ana@lakeside.example,,,u4,05,secret-word
u3,,,true,s1,student,keanu,,Keanu,Ioane,,,,,,,05,
u4,,,true,s1,parent,ruiz,,Marta,Ruiz,,,marta@home.example,,,u2,,
""",
    "enrollments.csv": """sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate
e1,,,k1,s1,u1,teacher,true,2026-08-24,
e2,,,k1,s1,u2,student,false,2026-08-24,
e3,,,k1,s1,u3,student,false,2026-08-24,2026-12-18
""",
}
_ALL_V1P2 = ["orgs", "academicSessions", "courses", "classes", "users", "roles", "enrollments"]
V1P2 = V1P1 | {
    "manifest.csv": "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\n"
    + "".join(f"file.{name},bulk\n" for name in _ALL_V1P2),
    "users.csv": """sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns
u1,,,true,delgado,,Rosa,Delgado,,,rosa@lakeside.example,,,,,,,,,,s1,
u2,,,true,ana,,Ana,Ruiz,,,ana@lakeside.example,,,u4,05,secret-word,,Anita,,,s1,
u3,,,true,keanu,,Keanu,Ioane,,,,,,,05,,,,,,s1,
u4,,,true,ruiz,,Marta,Ruiz,,,marta@home.example,,,u2,,,,,,,,
""",
    "roles.csv": """sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId
r1,,,u1,primary,teacher,2026-08-24,,s1,
r2,,,u2,primary,student,2026-08-24,,s1,
r3,,,u3,primary,student,2026-08-24,,s1,
r4,,,u4,primary,guardian,2026-08-24,,s1,
""",
}


def zipped(files, *, folder="", names=None):
    """A zip of the files; names: other entry names for some of them."""
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            data = text if isinstance(text, bytes) else text.encode()
            archive.writestr((names or {}).get(name, folder + name), data)
    return store.getvalue()


def changed(files, name, old, new):
    """The files with one text replaced in one of them; the old text must be there."""
    assert old in files[name]
    return files | {name: files[name].replace(old, new)}


def without(files, *names):
    return {name: text for name, text in files.items() if name not in names}
