"""Logs in as a manager, again and again: an access token is good for ten minutes."""

import json
import os
import urllib.error
import urllib.request

import schemathesis

BASE = os.environ["WARMLINE_BASE"]


@schemathesis.auth(refresh_interval=240)
class Manager:
    def get(self, case, context):
        if not os.environ["WARMLINE_EMAIL"]:
            return None
        body = json.dumps({"email": os.environ["WARMLINE_EMAIL"], "password": os.environ["WARMLINE_PASSWORD"]})
        request = urllib.request.Request(
            BASE + "/api/auth/login", body.encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)["access_token"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"the manager cannot log in: {error.code} {error.read().decode()}") from error

    def set(self, case, data, context):
        if data is None:
            return
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"
