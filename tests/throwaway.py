"""A throw-away environment for a test that needs a package of Python's: made, used and gone with its folder."""

import os
import subprocess
import sys
import venv

# The exit code that says so.
SKIPPED = 3


def install(scratch, requirements):
    """Makes the environment with what the file names, and returns its interpreter."""
    try:
        venv.create(scratch / "venv", with_pip=True)
    except (Exception, SystemExit) as error:
        skip(f"no virtual environment can be made: {error}")
    python = scratch / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pinned = requirements.read_text().strip()
    result = run_pip(pip + [pinned])
    if result.returncode != 0:
        print(f"{pinned} is not to be had, taking what there is")
        result = run_pip(pip + [pinned.split("==")[0]])
    if result.returncode != 0:
        reason = result.stderr.strip().splitlines() or ["no reason given"]
        skip(f"pip cannot install {pinned}: {reason[-1]}")
    return python


def run_pip(command):
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=180)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", "timed out after 180 s")


def skip(reason):
    print(f"SKIPPED: {reason}")
    sys.exit(SKIPPED)
