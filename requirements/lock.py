"""Compile requirements/*.in into hash-locked *.txt files: `make lock`. Needs a package index; runs pip-tools apart.

The locks name no index and no address, so that each machine installs from the index that it is set up with.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
FLAGS = [
    "--generate-hashes",
    "--strip-extras",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
    "--no-header",
    "--allow-unsafe",
    "--quiet",
]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="lrm-lock-") as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = str(Path(folder, "bin", "python"))
        subprocess.run([python, "-m", "pip", "install", "--quiet", "pip-tools"], check=True)
        for name in ("run", "test", "bench"):
            source, lock = f"requirements/{name}.in", f"requirements/{name}.txt"
            words = [python, "-m", "piptools", "compile", *FLAGS, "--output-file", lock, source, *sys.argv[1:]]
            subprocess.run(words, cwd=FOLDER.parent, check=True)


if __name__ == "__main__":
    main()
