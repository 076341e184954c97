#!/usr/bin/env python3
"""Schemathesis: no request that the OpenAPI document allows, or forbids, is answered as it does not say.

Makes a throw-away environment with schemathesis from its package registry, starts `warmline dev`, and
sends every operation what the document describes, and what it does not, as a manager. Arguments are
passed on to `schemathesis run`.

Exit code 0: all well. 1: an answer is not as described, or a server error. 3: skipped, because
schemathesis cannot be installed here; the reason is printed.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))
sys.dont_write_bytecode = True

import throwaway

# None of the examples.
PASSWORD = "seven horses, no battery"
# These end the login that everything else is asked with, so they come after it.
ENDS_LOGINS = ["logout", "logout_everywhere", "end_session", "change_password"]
# These need none, and make logging in slow for everybody at this address: they come last.
BEFORE_A_LOGIN = ["register", "login", "refresh", "accept_invitation", "reset_password"]

# Speaks WebSocket; tests/api/live.rs does, too.
NO_HTTP = ["open_live"]


def main():
    with tempfile.TemporaryDirectory(prefix="warmline-schemathesis-") as scratch:
        scratch = Path(scratch)
        # Started by root, the servers run as a lesser user, who has to get there.
        scratch.chmod(0o755)
        tool = throwaway.install(scratch, HERE / "requirements.txt").parent / "schemathesis"
        subprocess.run(["cargo", "build", "--locked", "--bin", "warmline"], cwd=ROOT, check=True)
        with Installation(scratch) as base:
            env = people(base, dict(os.environ))
            common = [tool, "--config-file", HERE / "schemathesis.toml", "run", ROOT / "openapi.json"]
            common += ["--url", base, "--checks", "all", "--continue-on-failure"]
            common += ["--generation-database", "none", "--warnings", "off", *sys.argv[1:]]
            late = ENDS_LOGINS + BEFORE_A_LOGIN
            only = lambda names: [flag for name in names for flag in ("--include-operation-id", name)]
            runs = [
                (env, [flag for name in late + NO_HTTP for flag in ("--exclude-operation-id", name)]),
                (env, only(ENDS_LOGINS)),
                (env | {"WARMLINE_EMAIL": ""}, only(BEFORE_A_LOGIN)),
            ]
            failed = [subprocess.run(common + flags, env=env, cwd=scratch).returncode for env, flags in runs]
            return 1 if any(failed) else 0


class Installation:
    """A running `warmline dev` on servers of its own."""

    def __init__(self, scratch):
        self.scratch = scratch

    def __enter__(self):
        env = dict(os.environ, WARMLINE_HOME=str(self.scratch / "home"), RUST_LOG="warn")
        target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
        self.log = open(self.scratch / "warmline.log", "w+")
        self.process = subprocess.Popen(
            [target / "debug" / "warmline", "dev", "--fresh", "--no-console"],
            cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=self.log, text=True,
        )
        for line in self.process.stdout:
            found = re.search(r"Served at (http://\S+),", line)
            if found:
                return found.group(1)
        self.log.seek(0)
        sys.exit(f"`warmline dev` did not start:\n{self.log.read()}")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=60)


def people(base, env):
    """An organisation with a manager, who is in `env` from then on."""
    org = {"tenant_name": "Acme", "name": "Ana", "email": "ana@example.com", "password": PASSWORD}
    token = post(base, "/api/auth/register", org)["access_token"]
    invitation = post(base, "/api/invitations", {"email": "bo@example.com", "role": "manager"}, token)
    post(base, "/api/auth/accept-invitation", {"token": invitation["token"], "password": PASSWORD})
    settings = {"WARMLINE_BASE": base, "WARMLINE_EMAIL": "bo@example.com", "WARMLINE_PASSWORD": PASSWORD}
    hooks = {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"}
    return env | settings | hooks | {"NO_PROXY": "127.0.0.1"}


def post(base, path, body, token=None):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(base + path, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"{path}: {error.code} {error.read().decode()}")


if __name__ == "__main__":
    sys.exit(main())
