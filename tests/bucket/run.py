#!/usr/bin/env python3
"""Bucket: recordings go through a real S3 server, moto, with its rights enforced.

Makes a throw-away environment with moto from its package registry, starts it, makes a bucket and
somebody who may use it, and runs `tests/bucket/main.rs` against it.

Exit code 0: all well. 1: a test failed. 3: skipped, because moto cannot be installed here; the
reason is printed.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))
sys.dont_write_bytecode = True

import throwaway

# What a bucket needs before anybody may be refused; printed is a key to it.
PREPARE = """
import boto3, json, sys
where = dict(endpoint_url=sys.argv[1], region_name="us-east-1")
where |= dict(aws_access_key_id="nobody", aws_secret_access_key="nothing")
boto3.client("s3", **where).create_bucket(Bucket="recordings")
iam = boto3.client("iam", **where)
iam.create_user(UserName="warmline")
may = dict(Version="2012-10-17", Statement=[dict(Effect="Allow", Action="s3:*", Resource="*")])
iam.put_user_policy(UserName="warmline", PolicyName="recordings", PolicyDocument=json.dumps(may))
key = iam.create_access_key(UserName="warmline")["AccessKey"]
print(key["AccessKeyId"], key["SecretAccessKey"])
"""


def main():
    with tempfile.TemporaryDirectory(prefix="warmline-bucket-") as scratch:
        python = throwaway.install(Path(scratch), HERE / "requirements.txt")
        with Server(python, Path(scratch)) as url:
            key = subprocess.run([python, "-c", PREPARE, url], check=True, capture_output=True, text=True)
            key_id, secret = key.stdout.split()
            # From now on, who has no right is refused.
            enforce = urllib.request.Request(url + "/moto-api/reset-auth", b"0", {"Content-Type": "text/plain"})
            urllib.request.urlopen(enforce, timeout=30)
            env = dict(os.environ, WARMLINE_TEST_BUCKET_URL=url, WARMLINE_TEST_BUCKET_NAME="recordings")
            env |= {"WARMLINE_TEST_BUCKET_KEY_ID": key_id, "WARMLINE_TEST_BUCKET_SECRET": secret}
            # Through xtask, for a Postgres and a Redis. The filter leaves no other test to run.
            command = ["cargo", "xtask", "test", "--package", "warmline", "bucket_server"]
            return 1 if subprocess.run(command, cwd=ROOT, env=env).returncode else 0


class Server:
    """A running S3 server."""

    def __init__(self, python, scratch):
        self.python, self.scratch = python, scratch

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.log = open(self.scratch / "moto.log", "w+")
        command = [self.python, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT)
        url = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(url + "/moto-api/", timeout=5)
                return url
            except urllib.error.URLError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        self.log.seek(0)
        sys.exit(f"moto did not start:\n{self.log.read()}")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=60)


if __name__ == "__main__":
    sys.exit(main())
