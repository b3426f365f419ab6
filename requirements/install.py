"""Make the virtual environment .venv from the locked requirements: `make env`. Says the one thing to do if it cannot.

Written for any Python 3, so that an unsupported one reaches the message. A second run only compares two sums.
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed.txt")
LOCKS = [os.path.join(ROOT, "requirements", name) for name in ("run.txt", "test.txt")]
OLDEST, NEWEST = (3, 11), (3, 13)
BYTES_NEEDED = 1500 * 1000 * 1000


def main():
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.exit(
            "LRM needs Python 3.11, 3.12 or 3.13, and this is {}.{}. Name one: make env PYTHON=python3.12".format(
                *sys.version_info[:2]
            )
        )
    wanted = locked()
    if stamp() == wanted and runs():
        return
    free = shutil.disk_usage(ROOT).free
    if free < BYTES_NEEDED and not os.path.exists(STAMP):
        sys.exit(
            f"The environment needs 1.5 GB, and {free / 1e9:.1f} GB are free on the disk of {ROOT}. Make room there."
        )
    if not runs() or version() != sys.version_info[:2]:
        make_venv()
    print("Installing the locked packages ...", flush=True)
    words = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    for lock in LOCKS:
        words += ["-r", lock]
    if subprocess.call(words) != 0:
        sys.exit("The packages could not be installed (pip's reason is above). Put that right and say make env again.")
    with open(STAMP, "w") as file:
        file.write(wanted)


def make_venv():
    try:
        import ensurepip  # noqa: F401  Debian leaves it out without python3-venv
        import venv  # noqa: F401  the same
    except ImportError:
        sys.exit(
            "This Python cannot make virtual environments. On Debian: apt-get install python{}.{}-venv".format(
                *sys.version_info[:2]
            )
        )
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(f"The virtual environment {VENV} could not be made:\n{made.stdout}{made.stderr}")


def locked():
    """What .venv must have been installed from: the locks, the Python and the place, because scripts name it."""
    digest = hashlib.sha256()
    for lock in LOCKS:
        with open(lock, "rb") as file:
            digest.update(file.read())
    return "{} {}.{} {}\n".format(digest.hexdigest(), *sys.version_info[:2], VENV)


def stamp():
    try:
        with open(STAMP) as file:
            return file.read()
    except OSError:
        return ""


def runs():
    try:
        return subprocess.call([PYTHON, "-c", ""]) == 0
    except OSError:
        return False


def version():
    answer = subprocess.check_output([PYTHON, "-c", "import sys; print(*sys.version_info[:2])"], text=True)
    return tuple(int(part) for part in answer.split())


if __name__ == "__main__":
    main()
