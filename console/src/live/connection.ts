import { pauseBefore } from "./backoff";
import { ServerClock } from "./clock";
import type { Timers } from "./coalescer";
import { type LiveEvent, readMessage } from "./message";

/** live: news arrive. reconnecting: they will again. paused: held back by the viewer. offline: no network, or no login. */
export type LiveStatus = "live" | "reconnecting" | "paused" | "offline";

/** The part of a `WebSocket` that is used here. */
export interface Socket {
  close: () => void;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent<string>) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
}

/** Everything outside that a connection depends on. */
export interface LiveWorld extends Timers {
  /** A word that opens one socket; throws when it cannot be had. */
  ticket: () => Promise<string>;
  open: (ticket: string, cursor: string | null) => Socket;
  random: () => number;
  isOnline: () => boolean;
}

/** What page elements see of the connection. A new object whenever something changed. */
export interface LiveView {
  status: LiveStatus;
  /** When the server was heard last, on this browser's clock. */
  lastHeardAt: number | null;
  /** Events held back while paused. */
  held: number;
  /** The agent that who is logged in is, if any. */
  agentId: string | null;
}

type Handler = (event: LiveEvent) => void;

/** The server beats every 5 s; two missed beats and a bit mean that nobody is there. */
const SILENCE_MS = 12_000;
/** More than this is not replayed one by one: everything is refetched. */
const MOST_HELD = 2_000;

/** One socket, kept open: opened again after a pause when it breaks, and resumed behind the last event. */
export class LiveConnection {
  readonly clock = new ServerClock();
  #view: LiveView = { status: "offline", lastHeardAt: null, held: 0, agentId: null };
  #socket: Socket | null = null;
  #cursor: string | null = null;
  #failures = 0;
  #isStarted = false;
  #isOpen = false;
  #isPaused = false;
  #held: LiveEvent[] = [];
  #mustResync = false;
  /** Which attempt to connect counts; answers to older ones are dropped. */
  #attempt = 0;
  #cancelRetry: (() => void) | null = null;
  #cancelSilence: (() => void) | null = null;
  #handlers = new Map<Handler, ReadonlySet<string> | null>();
  #resyncHandlers = new Set<() => void>();
  #viewers = new Set<() => void>();

  constructor(private readonly world: LiveWorld) {}

  get view(): LiveView {
    return this.#view;
  }

  /** Told when `view` is another one. */
  watch(viewer: () => void): () => void {
    this.#viewers.add(viewer);
    return () => this.#viewers.delete(viewer);
  }

  /** Hands over events of these types, or of all (`null`). */
  subscribe(types: readonly string[] | null, handler: Handler): () => void {
    this.#handlers.set(handler, types && new Set(types));
    return () => this.#handlers.delete(handler);
  }

  /** Told when events were missed, so that everything is to be read again. */
  onResync(handler: () => void): () => void {
    this.#resyncHandlers.add(handler);
    return () => this.#resyncHandlers.delete(handler);
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    void this.#connect();
  }

  /** Ends the connection and forgets where it stood: who logs in next may be somebody else. */
  stop(): void {
    this.#isStarted = false;
    this.#cursor = null;
    this.#held = [];
    this.#isPaused = false;
    this.#mustResync = false;
    this.#failures = 0;
    this.#drop();
    this.#show({ lastHeardAt: null, agentId: null });
  }

  /** Tries at once instead of waiting: the window or the network is back. */
  nudge(): void {
    if (!this.#isStarted) return;
    if (this.#isOpen && this.#isFresh()) return;
    this.#drop();
    void this.#connect();
  }

  /** The network is gone: no use in trying. */
  lose(): void {
    this.#drop();
    this.#show();
  }

  /** Holds events back, so that rows stop moving. */
  pause(): void {
    this.#isPaused = true;
    this.#show();
  }

  /** Hands over what was held back. */
  resume(): void {
    this.#isPaused = false;
    const [held, mustResync] = [this.#held, this.#mustResync];
    this.#held = [];
    this.#mustResync = false;
    if (mustResync) this.#resync();
    else for (const event of held) this.#deliver(event);
    this.#show();
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    this.#show();
    if (!this.world.isOnline()) return;
    try {
      const ticket = await this.world.ticket();
      if (attempt !== this.#attempt || !this.#isStarted) return;
      this.#listen(this.world.open(ticket, this.#cursor));
    } catch {
      if (attempt === this.#attempt) this.#retry();
    }
  }

  #listen(socket: Socket): void {
    this.#socket = socket;
    socket.onmessage = (message) => {
      if (socket === this.#socket) this.#hear(message.data);
    };
    socket.onclose = () => {
      if (socket === this.#socket) this.#retry();
    };
    this.#awaitWord();
  }

  #hear(text: string): void {
    const message = readMessage(text);
    this.#awaitWord();
    this.#isOpen = true;
    this.#failures = 0;
    if (message !== null) {
      this.#cursor = message.cursor;
      if ("server_time" in message) this.clock.read(message.server_time, this.world.now());
      if (message.type === "events") for (const event of message.events) this.#take(event);
      if (message.type === "resync") this.#missed();
      if (message.type === "hello") this.#show({ agentId: message.agent_id });
    }
    this.#show({ lastHeardAt: this.world.now() });
  }

  #take(event: LiveEvent): void {
    if (!this.#isPaused) {
      this.#deliver(event);
    } else if (this.#held.length < MOST_HELD) {
      this.#held.push(event);
    } else {
      this.#mustResync = true;
    }
  }

  #missed(): void {
    if (this.#isPaused) this.#mustResync = true;
    else this.#resync();
  }

  #resync(): void {
    for (const handler of this.#resyncHandlers) handler();
  }

  #deliver(event: LiveEvent): void {
    for (const [handler, types] of this.#handlers) {
      if (types === null || types.has(event.type)) handler(event);
    }
  }

  #retry(): void {
    this.#drop();
    if (!this.#isStarted) return;
    this.#failures += 1;
    this.#cancelRetry = this.world.later(
      () => void this.#connect(),
      pauseBefore(this.#failures, this.world.random),
    );
    this.#show();
  }

  #drop(): void {
    this.#attempt += 1;
    this.#isOpen = false;
    this.#cancelRetry?.();
    this.#cancelSilence?.();
    this.#cancelRetry = null;
    this.#cancelSilence = null;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  /** A connection can be dead without anybody closing it. */
  #awaitWord(): void {
    this.#cancelSilence?.();
    this.#cancelSilence = this.world.later(() => this.#retry(), SILENCE_MS);
  }

  #isFresh(): boolean {
    const { lastHeardAt } = this.#view;
    return lastHeardAt !== null && this.world.now() - lastHeardAt < SILENCE_MS;
  }

  #status(): LiveStatus {
    if (!this.#isStarted || !this.world.isOnline()) return "offline";
    if (!this.#isOpen) return "reconnecting";
    return this.#isPaused ? "paused" : "live";
  }

  #show(change: Partial<LiveView> = {}): void {
    this.#view = { ...this.#view, ...change, status: this.#status(), held: this.#held.length };
    for (const viewer of this.#viewers) viewer();
  }
}
