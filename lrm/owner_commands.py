"""Which commands touch tables as their owner; everything else runs as the role of the site."""

# The site's role may only add to the ledger; these make tables, or fill and empty them whole.
OWNER_COMMANDS = frozenset(
    {
        "backup",
        "createcachetable",
        "demo",
        "flush",
        "lintmigrations",
        "makemigrations",
        "migrate",
        "rebuild",
        "restore",
        "sqlmigrate",
        "up",
    }
)
# These read no database, so the private services need not start for them.
SERVICELESS_COMMANDS = frozenset(
    {
        "collectstatic",
        "compilemessages",
        "data_inventory",
        "findstatic",
        "help",
        "makemessages",
        "reference_suite",
        "startapp",
        "version",
    }
)
