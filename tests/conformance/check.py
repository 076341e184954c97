"""The conversation between the official SDK and the carrier; run by run.py in its environment."""

import json
import shlex
import signal
import subprocess
import sys
import threading
import time
import traceback
import wave
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import requests
from twilio import __version__ as sdk_version
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

ROOT = Path(__file__).resolve().parent.parent.parent
ACCOUNT = "AC" + "5e" * 16
TOKEN = "7f" * 16
FROM, LEAD, AGENT, BUSY = "+14155550100", "+14155550111", "+14155550122", "+14155550133"
DEADLINE_S = 30

failures = []


def check(what, holds, detail=""):
    print(f"{'ok  ' if holds else 'FAIL'} {what}" + ("" if holds or not detail else f": {detail}"))
    if not holds:
        failures.append(what)


class Rebased(TwilioHttpClient):
    """The SDK's own HTTP client; only the origin of the URL is another."""

    def __init__(self, origin):
        super().__init__(timeout=10)
        self.origin = urlsplit(origin)

    def request(self, method, url, **rest):
        url = urlunsplit(urlsplit(url)._replace(scheme=self.origin.scheme, netloc=self.origin.netloc))
        return super().request(method, url, **rest)


class Customer(ThreadingHTTPServer):
    """Answers with documents, remembers and validates everything."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server_port}"
        self.documents = {}
        self.received = []
        self.changed = threading.Condition()
        self.validator = RequestValidator(TOKEN)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def take(self, path, url, fields, headers):
        valid = self.validator.validate(url, fields, headers.get("X-Twilio-Signature", ""))
        with self.changed:
            self.received.append((path, fields, valid, headers.get("I-Twilio-Idempotency-Token")))
            self.changed.notify_all()

    def until(self, what, path, **wanted):
        """Waits for a request to a path with certain fields, and returns its fields."""

        def find():
            for where, fields, _, _ in self.received:
                if where == path and all(fields.get(name) == value for name, value in wanted.items()):
                    return fields
            return None

        with self.changed:
            found = self.changed.wait_for(find, DEADLINE_S)
        check(what, found is not None, f"no {path} with {wanted} within {DEADLINE_S} s")
        return found or {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.reply(dict(parse_qsl(body, keep_blank_values=True)))

    def do_GET(self):
        self.reply({})

    def reply(self, fields):
        path = urlsplit(self.path).path
        self.server.take(path, self.server.origin + self.path, fields, self.headers)
        document = self.server.documents.get(path, "")
        body = f"<Response>{document}</Response>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def start_carrier(command, scratch):
    config = {
        "account_sid": ACCOUNT,
        "auth_token": TOKEN,
        "numbers": [FROM],
        "cps": 100,
        "scripts": {
            LEAD: {"is": "human", "answer_after_s": 4, "greeting_s": 1, "patience_s": 300, "talk_s": 40},
            AGENT: {"is": "agent", "answer_after_s": 3, "reaction": {"does": "presses", "key": "1", "after_s": 2}},
            BUSY: {"is": "busy"},
        },
    }
    path = Path(scratch) / "carrier.json"
    path.write_text(json.dumps(config))
    arguments = ["--port", "0", "--factor", "20", "--config", str(path), "--ledger", str(Path(scratch) / "ledger.jsonl")]
    process = subprocess.Popen(shlex.split(command) + arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip()


def until(what, holds):
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        value = holds()
        if value:
            check(what, True)
            return value
        time.sleep(0.02)
    check(what, False, f"not within {DEADLINE_S} s")
    return None


def refusal(action):
    try:
        action()
    except TwilioRestException as error:
        return error.status, error.code
    return None


def errors(client, origin):
    stranger = Client(ACCOUNT, "wrong", http_client=Rebased(origin))
    check("wrong credentials are 20003", refusal(lambda: stranger.api.accounts(ACCOUNT).fetch()) == (401, 20003))
    url = "https://customer.example/voice"
    magic = {"+15005550001": 21217, "+15005550002": 21214, "+15005550003": 21215, "+15005550004": 21216}
    for number, code in magic.items():
        got = refusal(lambda: client.calls.create(to=number, from_="+15005550006", url=url))
        check(f"magic number {number} is {code}", got == (400, code), got)
    got = refusal(lambda: client.calls.create(to=LEAD, from_="+14155550199", url=url))
    check("a foreign caller id is 21210", got == (400, 21210), got)
    check("an unknown call is 20404", refusal(lambda: client.calls("CA" + "0" * 32).fetch()) == (404, 20404))


def account(client):
    check("the account is active", client.api.accounts(ACCOUNT).fetch().status == "active")
    numbers = client.incoming_phone_numbers.list()
    check("the number is listed", [number.phone_number for number in numbers] == [FROM], numbers)
    check("the number can call", numbers[0].capabilities["voice"] is True)
    check("the caller id is listed", [caller.phone_number for caller in client.outgoing_caller_ids.list()] == [FROM])


def conversation(client, customer):
    """A warm transfer: detect, hold, fetch an agent, connect, talk, record."""
    url = customer.origin
    customer.documents = {
        "/lead": '<Say>Hello.</Say><Pause length="120"/>',
        "/hold": "<Play>music.wav</Play><Redirect/>",
        "/agent": '<Gather numDigits="1" action="/accept"><Say>Press 1.</Say></Gather><Hangup/>',
        "/accept": '<Dial><Conference beep="false" endConferenceOnExit="true" participantLabel="agent">room</Conference></Dial>',
    }
    overrides = "#rc=3&rp=5xx,ct,rt"
    common = {
        "from_": FROM,
        "status_callback": f"{url}/status?leg=x{overrides}",
        "status_callback_event": ["initiated", "ringing", "answered", "completed"],
    }
    lead = client.calls.create(
        to=LEAD,
        url=f"{url}/lead?call=1{overrides}",
        machine_detection="DetectMessageEnd",
        async_amd="true",
        async_amd_status_callback=f"{url}/amd",
        timeout=30,
        **common,
    )
    check("a new call is queued", lead.status == "queued" and lead.date_created is None and lead.price is None)
    verdict = customer.until("a person is detected", "/amd", AnsweredBy="human")
    check("the verdict has four fields", sorted(verdict) == ["AccountSid", "AnsweredBy", "CallSid", "MachineDetectionDuration"])
    room = (
        f'<Response><Dial><Conference startConferenceOnEnter="false" endConferenceOnExit="true" beep="false" '
        f'waitUrl="{url}/hold" statusCallback="{url}/conference" statusCallbackEvent="start end join leave" '
        f'record="record-from-start" recordingStatusCallback="{url}/recording" participantLabel="lead">room</Conference>'
        f"</Dial></Response>"
    )
    moved = client.calls(lead.sid).update(twiml=room)
    check("a redirect keeps the call up", moved.status == "in-progress", moved.status)
    customer.until("the lead waits in the room", "/conference", StatusCallbackEvent="participant-join", CallSid=lead.sid)
    agent = client.calls.create(to=AGENT, url=f"{url}/agent", **common)
    customer.until("the agent accepts", "/accept", Digits="1", CallSid=agent.sid)
    start = customer.until("the conference starts", "/conference", StatusCallbackEvent="conference-start")

    live = client.conferences.list(friendly_name="room", status="in-progress")
    check("the conference is listed", [conference.sid for conference in live] == [start.get("ConferenceSid")], live)
    participants = client.conferences(live[0].sid).participants.list()
    check("both are in it", sorted(found.label for found in participants) == ["agent", "lead"])
    check("flags are booleans", all(found.muted is False for found in participants))
    muted = client.conferences(live[0].sid).participants(agent.sid).update(muted=True)
    check("a participant can be muted", muted.muted is True)

    customer.until("the conference ends", "/conference", StatusCallbackEvent="conference-end")
    recorded = customer.until("the recording is ready", "/recording", RecordingStatus="completed")
    for sid in (lead.sid, agent.sid):
        customer.until("a leg is completed", "/status", CallSid=sid, CallStatus="completed")
    ended = client.conferences(live[0].sid).fetch()
    expected = ("completed", "participant-with-end-conference-on-exit-left", lead.sid)
    got = (ended.status, ended.reason_conference_ended, ended.call_sid_ending_conference)
    check("the conference says how it ended", got == expected, got)
    recordings(client, live[0].sid, recorded)
    finished = until("the call is rated", lambda: rated(client, lead.sid))
    check("the price is a negative decimal", finished is not None and float(finished.price) < 0)
    check("the verdict stays with the call", finished is not None and finished.answered_by == "human")
    check("times are dates", finished is not None and finished.start_time < finished.end_time)
    got = refusal(lambda: client.calls(lead.sid).update(twiml=room))
    check("a redirect after the hang-up is 21220", got == (400, 21220), got)
    return lead


def rated(client, sid):
    call = client.calls(sid).fetch()
    return call if call.price is not None else None


def recordings(client, conference, recorded):
    listed = client.conferences(conference).recordings.list()
    check("the recording is listed", [found.sid for found in listed] == [recorded.get("RecordingSid")], listed)
    recording = client.recordings(listed[0].sid).fetch()
    check("the recording is complete", (recording.status, recording.source) == ("completed", "Conference"))
    check("its counts are integers", isinstance(recording.channels, int))
    media = client.request("GET", recorded["RecordingUrl"] + ".wav")
    check("the media is served", media.status_code == 200)
    # The SDK decodes bodies as text; a plain request with its credentials keeps the bytes.
    content = requests.get(recorded["RecordingUrl"], auth=(ACCOUNT, TOKEN), timeout=10).content
    with wave.open(BytesIO(content)) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    check("it plays for as long as it says", seconds == float(recording.duration) > 30, seconds)


def control(client, customer):
    """Calls that end early, and those that are never answered."""
    busy = client.calls.create(
        to=BUSY, from_=FROM, url=f"{customer.origin}/lead", status_callback=f"{customer.origin}/status",
        status_callback_event=["completed"],
    )
    told = customer.until("a busy line says so", "/status", CallSid=busy.sid, CallStatus="busy")
    check("a busy line has its code", told.get("SipResponseCode") == "486")
    ringing = client.calls.create(to=LEAD, from_=FROM, url=f"{customer.origin}/lead")
    check("a ringing call can be canceled", client.calls(ringing.sid).update(status="canceled").status == "canceled")
    live = client.calls.create(to=LEAD, from_=FROM, url=f"{customer.origin}/lead")
    until("a call is answered", lambda: client.calls(live.sid).fetch().status == "in-progress")
    check("a live call can be ended", client.calls(live.sid).update(status="completed").status == "completed")
    check("a finished call can be deleted", client.calls(live.sid).delete() is True)
    check("a deleted call is gone", refusal(lambda: client.calls(live.sid).fetch()) == (404, 20404))


def lists(client, first):
    everything = client.calls.list()
    paged = client.calls.list(page_size=2)
    check("paging finds every call", [call.sid for call in paged] == [call.sid for call in everything], len(paged))
    found = client.calls.list(to=LEAD, from_=FROM, status="completed", start_time_after=first.start_time)
    check("filters find the first call", first.sid in [call.sid for call in found], found)
    check("filters leave others out", client.calls.list(to="+14155550177") == [])


def main():
    command, scratch = sys.argv[1:]
    print(f"SDK {sdk_version}")
    carrier, origin = start_carrier(command, scratch)
    try:
        if not origin:
            print("FAIL the carrier did not start")
            return 1
        customer = Customer()
        client = Client(ACCOUNT, TOKEN, http_client=Rebased(origin))
        errors(client, origin)
        account(client)
        lead = conversation(client, customer)
        control(client, customer)
        lists(client, client.calls(lead.sid).fetch())
        invalid = [(path, fields) for path, fields, valid, token in customer.received if not (valid and token)]
        check(f"the validator accepts all {len(customer.received)} webhooks", not invalid, invalid)
        check("there were webhooks of every kind", {path for path, *_ in customer.received} >= {
            "/lead", "/agent", "/accept", "/hold", "/amd", "/status", "/conference", "/recording"})
    except Exception as error:
        traceback.print_exc()
        check("the SDK and this script run to their end", False, error)
    finally:
        carrier.send_signal(signal.SIGINT)
        try:
            carrier.wait(timeout=10)
        except subprocess.TimeoutExpired:
            carrier.kill()
            check("the carrier stops when told to", False)
    print(f"{len(failures)} failed" if failures else "all well")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
