import { expect, test } from "vitest";
import { Autosave } from "./autosave";

class Bench {
  now = 0;
  draft: string | null = null;
  sent: string[] = [];
  answers: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  #timers: { at: number; work: () => void }[] = [];

  make(saved: string, draft: string | null = null) {
    return new Autosave(
      {
        now: () => this.now,
        later: (work, ms) => {
          const timer = { at: this.now + ms, work };
          this.#timers.push(timer);
          return () => {
            this.#timers = this.#timers.filter((other) => other !== timer);
          };
        },
        save: (text) => {
          this.sent.push(text);
          return new Promise((resolve, reject) => this.answers.push({ resolve, reject }));
        },
        keep: (text) => {
          this.draft = text;
        },
        isFinal: (error) => error === "never",
      },
      saved,
      draft,
    );
  }

  async pass(ms: number) {
    this.now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.now);
    this.#timers = this.#timers.filter(({ at }) => at > this.now);
    for (const { work } of due) work();
    await settle();
  }

  async accept() {
    this.answers.shift()?.resolve();
    await settle();
  }

  async refuse(error: unknown) {
    this.answers.shift()?.reject(error);
    await settle();
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

test("it is sent when the typing pauses, and kept here until it has arrived", async () => {
  const bench = new Bench();
  const notes = bench.make("");
  notes.type("W");
  await bench.pass(500);
  notes.type("Wants");
  await bench.pass(500);
  expect(bench.sent).toEqual([]);
  await bench.pass(100);
  expect(bench.sent).toEqual(["Wants"]);
  expect(bench.draft).toBe("Wants");
  await bench.accept();
  expect(bench.draft).toBeNull();
  expect(notes.view).toMatchObject({ text: "Wants", state: "saved" });
});

test("what is typed while a request is on its way follows it, never overtakes it", async () => {
  const bench = new Bench();
  const notes = bench.make("");
  notes.type("one");
  await bench.pass(600);
  notes.type("one two");
  await bench.pass(600);
  expect(bench.sent).toEqual(["one"]);
  await bench.accept();
  expect(bench.sent).toEqual(["one", "one two"]);
  expect(bench.draft).toBe("one two");
  await bench.accept();
  expect(notes.view.state).toBe("saved");
});

test("it is tried again after a failure, at growing distances", async () => {
  const bench = new Bench();
  const notes = bench.make("");
  notes.type("x");
  await bench.pass(600);
  await bench.refuse("gone");
  expect(notes.view.state).toBe("failed");
  expect(bench.draft).toBe("x");
  await bench.pass(1000);
  await bench.refuse("gone");
  await bench.pass(1000);
  expect(bench.sent).toHaveLength(2);
  await bench.pass(1000);
  expect(bench.sent).toHaveLength(3);
  await bench.accept();
  expect(notes.view.state).toBe("saved");
});

test("a refusal is not tried again, but the next text is", async () => {
  const bench = new Bench();
  const notes = bench.make("");
  notes.type("too long");
  await bench.pass(600);
  await bench.refuse("never");
  await bench.pass(60_000);
  expect(notes.view.state).toBe("refused");
  expect(bench.sent).toHaveLength(1);
  notes.type("long");
  await bench.pass(600);
  expect(bench.sent).toEqual(["too long", "long"]);
});

test("to flush is to send at once, and to wait for it", async () => {
  const bench = new Bench();
  const notes = bench.make("");
  notes.type("bye");
  let isDone = false;
  void notes.flush().then(() => {
    isDone = true;
  });
  expect(bench.sent).toEqual(["bye"]);
  await settle();
  expect(isDone).toBe(false);
  await bench.accept();
  expect(isDone).toBe(true);
  await notes.flush();
  expect(bench.sent).toHaveLength(1);
});

test("a draft that an earlier page left is sent", async () => {
  const bench = new Bench();
  const notes = bench.make("old", "old, and new");
  expect(notes.view.text).toBe("old, and new");
  await bench.pass(600);
  expect(bench.sent).toEqual(["old, and new"]);
});

test("another tab's words are taken, but never over what was typed or is newer", async () => {
  const bench = new Bench();
  const notes = bench.make("a");
  notes.hear("b", 1);
  expect(notes.view.text).toBe("b");
  notes.type("c");
  notes.hear("from afar", 2);
  expect(notes.view.text).toBe("c");
  await bench.pass(600);
  await bench.accept();
  // Asked before the last save had arrived: what it says is older.
  notes.hear("b", bench.now - 10);
  expect(notes.view.text).toBe("c");
  notes.hear("d", bench.now + 10);
  expect(notes.view.text).toBe("d");
});
