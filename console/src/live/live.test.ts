import { beforeEach, expect, test } from "vitest";
import { pauseBefore } from "./backoff";
import { ServerClock } from "./clock";
import { Coalescer } from "./coalescer";
import { LiveConnection, type Socket } from "./connection";
import { type LiveMessage, readMessage } from "./message";

/** A clock that stands until it is moved. */
class Hand {
  at = 0;
  #due: { at: number; work: () => void }[] = [];

  now = () => this.at;
  later = (work: () => void, ms: number) => {
    const entry = { at: this.at + ms, work };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((other) => other !== entry);
    };
  };

  async forward(ms: number) {
    const until = this.at + ms;
    await settle();
    for (;;) {
      const next = this.#due.filter((entry) => entry.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.at = next.at;
      this.#due = this.#due.filter((entry) => entry !== next);
      next.work();
      await settle();
    }
    this.at = until;
  }
}

const settle = async () => {
  for (let i = 0; i < 5; i += 1) await Promise.resolve();
};

class FakeSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  isClosed = false;

  constructor(readonly cursor: string | null) {}

  say(message: LiveMessage) {
    this.onmessage?.(new MessageEvent("message", { data: JSON.stringify(message) }));
  }

  close() {
    this.isClosed = true;
  }

  breakOff() {
    this.onclose?.(new CloseEvent("close"));
  }
}

const event = (id: string) => ({
  id,
  type: "call.opened" as const,
  timestamp: "2026-11-23T15:00:00Z",
  data: {},
});
const hello: LiveMessage = {
  type: "hello",
  cursor: "c0",
  agent_id: null,
  server_time: "2026-11-23T15:00:00Z",
};

let hand: Hand;
let sockets: FakeSocket[];
let isOnline: boolean;
let tickets: number;
let ticketFails: boolean;
let live: LiveConnection;

const lastSocket = () => sockets.at(-1) as FakeSocket;

beforeEach(() => {
  hand = new Hand();
  sockets = [];
  isOnline = true;
  tickets = 0;
  ticketFails = false;
  live = new LiveConnection({
    now: hand.now,
    later: hand.later,
    random: () => 1,
    isOnline: () => isOnline,
    ticket: async () => {
      tickets += 1;
      if (ticketFails) throw new Error("no ticket");
      return `t${tickets}`;
    },
    open: (_ticket, cursor) => {
      const socket = new FakeSocket(cursor);
      sockets.push(socket);
      return socket;
    },
  });
});

async function connect() {
  live.start();
  await settle();
  lastSocket().say(hello);
}

test("it is live once the server said hello", async () => {
  live.start();
  expect(live.view.status).toBe("reconnecting");
  await connect();
  expect(live.view.status).toBe("live");
  expect(sockets).toHaveLength(1);
});

test("after a break it resumes behind the last event, with a new ticket", async () => {
  await connect();
  lastSocket().say({ type: "events", cursor: "c7", events: [event("evt_1")] });
  lastSocket().breakOff();
  expect(live.view.status).toBe("reconnecting");
  await hand.forward(250);
  expect(sockets).toHaveLength(2);
  expect(lastSocket().cursor).toBe("c7");
  expect(tickets).toBe(2);
});

test("tries become rarer, and one success makes them quick again", async () => {
  ticketFails = true;
  live.start();
  await settle();
  await hand.forward(60_000);
  expect(tickets).toBeLessThan(14);
  ticketFails = false;
  await hand.forward(10_000);
  lastSocket().say(hello);
  lastSocket().breakOff();
  await hand.forward(250);
  expect(sockets).toHaveLength(2);
});

test("silence is a broken connection", async () => {
  await connect();
  await hand.forward(11_000);
  expect(live.view.status).toBe("live");
  await hand.forward(1_000);
  expect(live.view.status).toBe("reconnecting");
  expect(sockets[0]?.isClosed).toBe(true);
});

test("a nudge does not wait for the pause, and leaves a fresh connection alone", async () => {
  await connect();
  live.nudge();
  await settle();
  expect(sockets).toHaveLength(1);
  lastSocket().breakOff();
  live.nudge();
  await settle();
  expect(sockets).toHaveLength(2);
});

test("events go to who asked for their type", async () => {
  const seen: string[] = [];
  live.subscribe(["call.opened"], (one) => seen.push(`call ${one.id}`));
  live.subscribe(["dnc.listed"], (one) => seen.push(`dnc ${one.id}`));
  live.subscribe(null, (one) => seen.push(`all ${one.id}`));
  await connect();
  lastSocket().say({ type: "events", cursor: "c1", events: [event("evt_1")] });
  expect(seen).toEqual(["call evt_1", "all evt_1"]);
});

test("while paused events are held back and counted", async () => {
  const seen: string[] = [];
  live.subscribe(null, (one) => seen.push(one.id));
  await connect();
  live.pause();
  lastSocket().say({ type: "events", cursor: "c1", events: [event("evt_1"), event("evt_2")] });
  expect(live.view).toMatchObject({ status: "paused", held: 2 });
  expect(seen).toEqual([]);
  live.resume();
  expect(seen).toEqual(["evt_1", "evt_2"]);
  expect(live.view).toMatchObject({ status: "live", held: 0 });
});

test("a resync is told, after the pause if there is one", async () => {
  let resyncs = 0;
  live.onResync(() => {
    resyncs += 1;
  });
  await connect();
  lastSocket().say({ type: "resync", cursor: "c9" });
  expect(resyncs).toBe(1);
  live.pause();
  lastSocket().say({ type: "resync", cursor: "c10" });
  expect(resyncs).toBe(1);
  live.resume();
  expect(resyncs).toBe(2);
});

test("without a network it is offline and does not try", async () => {
  isOnline = false;
  live.start();
  await settle();
  expect(live.view.status).toBe("offline");
  expect(tickets).toBe(0);
  isOnline = true;
  live.nudge();
  await settle();
  expect(tickets).toBe(1);
});

test("whoever stops forgets the cursor", async () => {
  await connect();
  live.stop();
  expect(live.view.status).toBe("offline");
  live.start();
  await settle();
  expect(lastSocket().cursor).toBeNull();
});

test("pauses double up to ten seconds and are scattered", () => {
  expect([1, 2, 3, 9].map((failures) => pauseBefore(failures, () => 1))).toEqual([250, 500, 1000, 10_000]);
  expect(pauseBefore(2, () => 0)).toBe(250);
});

test("the best reading of the server's clock is the one that travelled least", () => {
  const clock = new ServerClock();
  clock.read(new Date(10_000).toISOString(), 9_900);
  clock.read(new Date(20_000).toISOString(), 20_500);
  clock.read("nonsense", 1);
  expect(clock.offsetMs).toBe(100);
});

test("what a newer server says is passed over", () => {
  expect(readMessage('{"type":"later"}')).toBeNull();
});

test("a key is let through at once and then once per interval", async () => {
  const runs: string[] = [];
  const work = async (key: string) => runs.push(`${key}@${hand.at}`);
  const coalescer = new Coalescer(work, 250, hand);
  coalescer.touch("calls");
  coalescer.touch("calls");
  coalescer.touch("calls");
  coalescer.touch("leads");
  await hand.forward(1000);
  coalescer.touch("calls");
  expect(runs).toEqual(["calls@0", "leads@0", "calls@250", "calls@1000"]);
});

test("work that takes its time is not begun again before it is over", async () => {
  const runs: number[] = [];
  const work = () =>
    new Promise((resolve, reject) => {
      runs.push(hand.at);
      hand.later(runs.length === 1 ? () => resolve(null) : () => reject(new Error("refused")), 600);
    });
  const coalescer = new Coalescer(work, 250, hand);
  for (let at = 0; at < 1300; at += 50) {
    coalescer.touch("calls");
    await hand.forward(50);
  }
  expect(runs).toEqual([0, 600, 1200]);
});
