"""Health check of the web container: exit 0 when /livez answers. Asks under a host name that the site accepts."""

import os
import sys
import urllib.request

url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/livez"
host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip().lstrip(".")
request = urllib.request.Request(url, headers={"Host": host})  # noqa: S310  a fixed address of ours
with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310  the same
    sys.exit(0 if answer.status == 200 else 1)
