const NAME = "warmline.refresh";
/** Longer than any exchange takes; a tab that died with the lease holds the others up no longer than this. */
const LEASE_MS = 15_000;
const LOOK_AGAIN_MS = 60;

/** Runs one piece of work at a time over all tabs of this browser. */
export async function alone<Result>(work: () => Promise<Result>): Promise<Result> {
  return navigator.locks ? await navigator.locks.request(NAME, work) : await leased(work);
}

let turn: Promise<unknown> = Promise.resolve();

/** Browsers withhold `navigator.locks` from pages without TLS. A lease in the store is the next best thing. */
function leased<Result>(work: () => Promise<Result>): Promise<Result> {
  const mine = turn.then(async () => {
    const lease = await take();
    try {
      return await work();
    } finally {
      if (localStorage.getItem(NAME) === lease) localStorage.removeItem(NAME);
    }
  });
  turn = mine.catch(() => undefined);
  return mine;
}

async function take(): Promise<string> {
  for (;;) {
    const until = Number(localStorage.getItem(NAME)?.split(" ")[0] ?? 0);
    if (until < Date.now()) {
      const lease = `${Date.now() + LEASE_MS} ${Math.random()}`;
      localStorage.setItem(NAME, lease);
      await pause();
      // Two tabs may have written at once: the one whose lease still stands has it.
      if (localStorage.getItem(NAME) === lease) return lease;
    }
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
}
