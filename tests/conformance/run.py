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
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SKIPPED = 3


def main():
    with tempfile.TemporaryDirectory(prefix="warmline-conformance-") as scratch:
        python = install(Path(scratch))
        build()
        # Never the token of a real account, and no SDK setting from the outside.
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")}
        clean["NO_PROXY"] = "127.0.0.1"
        return subprocess.run([python, HERE / "check.py", carrier(), scratch], env=clean).returncode


def install(scratch):
    """Makes the environment and returns its interpreter."""
    try:
        venv.create(scratch / "venv", with_pip=True)
    except (Exception, SystemExit) as error:
        skip(f"no virtual environment can be made: {error}")
    python = scratch / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pinned = (HERE / "requirements.txt").read_text().strip()
    result = run_pip(pip + [pinned])
    if result.returncode != 0:
        print(f"{pinned} is not to be had, taking what there is")
        result = run_pip(pip + [pinned.split("==")[0]])
    if result.returncode != 0:
        reason = result.stderr.strip().splitlines() or ["no reason given"]
        skip(f"pip cannot install the SDK: {reason[-1]}")
    return python


def run_pip(command):
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=180)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", "timed out after 180 s")


def skip(reason):
    print(f"SKIPPED: {reason}")
    sys.exit(SKIPPED)


def build():
    command = ["cargo", "build", "--quiet", "--package", "warmline-simulator", "--example", "carrier"]
    subprocess.run(command, cwd=ROOT, check=True)


def carrier():
    """The command that runs the carrier."""
    return "cargo run --quiet --package warmline-simulator --example carrier --"


if __name__ == "__main__":
    sys.exit(main())
