#!/usr/bin/env python3
"""Conformance: the unmodified official SDK works against the simulated carrier.

Makes a throw-away environment with the SDK from its package registry, starts the carrier, and
places, lists, redirects and ends calls, reads conferences and recordings; every webhook the carrier
sends is checked with the SDK's own validator.

Exit code 0: all well. 1: something differs, with a line for each. 3: skipped, because the SDK
cannot be installed here; the reason is printed.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))
sys.dont_write_bytecode = True

import throwaway


def main():
    with tempfile.TemporaryDirectory(prefix="warmline-conformance-") as scratch:
        python = throwaway.install(Path(scratch), HERE / "requirements.txt")
        build()
        # Never the token of a real account, and no SDK setting from the outside.
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")}
        clean["NO_PROXY"] = "127.0.0.1"
        return subprocess.run([python, HERE / "check.py", carrier(), scratch], env=clean).returncode


def build():
    command = ["cargo", "build", "--quiet", "--package", "warmline-simulator", "--example", "carrier"]
    subprocess.run(command, cwd=ROOT, check=True)


def carrier():
    """The command that runs the carrier."""
    return "cargo run --quiet --package warmline-simulator --example carrier --"


if __name__ == "__main__":
    sys.exit(main())
