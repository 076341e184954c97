// A floor as large as the live board is made for, moved by chance: what the server would tell of it.

const AGENT_STATES = ["available", "ringing", "whisper", "on_call", "wrap_up"];
const CALL_STATES = ["queued", "dialing", "amd", "conference", "agent_whisper", "bridged", "closing"];

/** Numbers that come out the same every time. */
function dice(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const id = (kind, number) => `${kind}_${number.toString(16).padStart(32, "0")}`;

export class Floor {
  #throw = dice(7);
  #opened = 0;
  #told = 0;
  #agents;
  #calls;

  constructor(agents, calls) {
    const now = new Date().toISOString();
    this.#agents = Array.from({ length: agents }, (_, number) => ({
      id: id("agt", number),
      name: `Agent ${number + 1}`,
      phone: `+1212555${String(100 + (number % 100)).padStart(4, "0")}`,
      group_ids: [],
      max_concurrent_calls: 1,
      presence: "available",
      state: AGENT_STATES[this.#throw(AGENT_STATES.length)],
      since: now,
      created_at: now,
    }));
    this.#calls = Array.from({ length: calls }, () =>
      this.#open(CALL_STATES[this.#throw(CALL_STATES.length)]),
    );
  }

  #open(state) {
    this.#opened += 1;
    return {
      id: id("call", this.#opened),
      campaign_id: id("cmp", 1),
      campaign_name: "Autumn",
      lead_id: id("lead", this.#opened),
      lead_name: `Lead ${this.#opened}`,
      lead_phone: `+1215555${String(100 + (this.#opened % 100)).padStart(4, "0")}`,
      attempt_no: 1,
      state,
      opened_at: new Date().toISOString(),
      talk_s: 0,
      cost_usd: "0",
    };
  }

  /** As `GET /api/live/board` has it. */
  board() {
    const callsByState = {};
    for (const { state } of this.#calls) callsByState[state] = (callsByState[state] ?? 0) + 1;
    return {
      now: new Date().toISOString(),
      cursor: "1_0_1",
      agents: this.#agents,
      calls: this.#calls,
      calls_by_state: callsByState,
      queues: { dial: 12, live: 3, records: 0 },
      leads_due: 10_000,
    };
  }

  /** So many things happen; as the live connection has it. */
  happen(count) {
    return Array.from({ length: count }, () =>
      this.#throw(3) === 0 ? this.#agentMoves() : this.#callMoves(),
    ).flat();
  }

  #event(type, data) {
    this.#told += 1;
    return { id: id("evt", this.#told), type, timestamp: new Date().toISOString(), data };
  }

  #agentMoves() {
    const agent = this.#agents[this.#throw(this.#agents.length)];
    const call = this.#calls[this.#throw(this.#calls.length)];
    const isFree = agent.state === "available";
    agent.state = isFree ? AGENT_STATES[1 + this.#throw(4)] : "available";
    const stage = isFree ? agent.state : null;
    agent.call_id = isFree ? call.id : null;
    agent.since = new Date().toISOString();
    return [this.#event("agent.stage_changed", { agent_id: agent.id, call_id: call.id, stage })];
  }

  #callMoves() {
    const place = this.#throw(this.#calls.length);
    const call = this.#calls[place];
    const next = CALL_STATES[CALL_STATES.indexOf(call.state) + 1];
    if (next) {
      const change = { call_id: call.id, from_state: call.state, to_state: next };
      call.state = next;
      return [this.#event("call.state_changed", change)];
    }
    const { id: call_id, campaign_id, lead_id, attempt_no } = this.#open("queued");
    this.#calls[place] = { ...call, id: call_id, lead_id, state: "queued" };
    return [
      this.#event("call.dispositioned", { call_id: call.id, campaign_id, disposition: "answered" }),
      this.#event("call.opened", { call_id, campaign_id, lead_id, attempt_no }),
    ];
  }
}
