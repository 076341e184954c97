/** What the API hands out for a login. */
export interface Tokens {
  access_token: string;
  expires_in_s: number;
  refresh_token: string;
}

interface Access {
  token: string;
  expiresAt: number;
}

/** What tabs tell one another. */
export type Told =
  | { kind: "renewed"; access: Access }
  | { kind: "entered"; access: Access }
  | { kind: "left" };

/** Everything outside that a login depends on. */
export interface World {
  store: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  /** Runs one piece of work at a time over all tabs. */
  alone: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Exchanges a refresh token; null when the login is over. Throws when nobody knows. */
  exchange: (refreshToken: string) => Promise<Tokens | null>;
  tell: (news: Told) => void;
  /** Waits until other tabs see what was stored: their store follows a moment later, and their turn must not come before. */
  settle: () => Promise<void>;
  now: () => number;
}

export type LoginChange = "entered" | "left";

const REFRESH_TOKEN = "warmline.refresh_token";
/** An access token that ends within this time is not used any more: the request takes time, too. */
const MARGIN_MS = 15_000;

/**
 * The login of this browser. The refresh token is good for one exchange, and shown twice it ends the login: therefore
 * exchanges happen one at a time over all tabs, and each reads the token afresh once it is its turn.
 */
export class Login {
  #access: Access | null = null;
  /** The refresh token of a login that another tab ended: the store may show it for a moment longer. */
  #ended: string | null = null;
  #listeners = new Set<(change: LoginChange) => void>();

  constructor(private readonly world: World) {}

  /** Whether somebody is logged in, as far as this browser knows. */
  get isOpen(): boolean {
    return this.#access !== null || this.#stored() !== null;
  }

  /** An access token that is valid for a while; null when nobody is logged in. */
  async accessToken(): Promise<string | null> {
    return this.#usable() ?? this.renew(null);
  }

  /** Another access token than the one that was refused. */
  renew(refused: string | null): Promise<string | null> {
    return this.world.alone(async () => {
      const usable = this.#usable();
      if (usable !== null && usable !== refused) return usable;

      const shown = this.#stored();
      if (shown === null) {
        this.#leave();
        return null;
      }
      const tokens = await this.world.exchange(shown);
      if (this.#stored() !== shown) {
        // Somebody logged in or out meanwhile: what that left behind counts.
        return this.#usable();
      }
      if (tokens === null) {
        this.end();
        return null;
      }
      this.#keep(tokens);
      this.world.tell({ kind: "renewed", access: this.#access as Access });
      await this.world.settle();
      return tokens.access_token;
    });
  }

  /** Somebody logged in. */
  begin(tokens: Tokens): void {
    this.#keep(tokens);
    this.world.tell({ kind: "entered", access: this.#access as Access });
    this.#say("entered");
  }

  /** The login is over, here and in the other tabs. */
  end(): void {
    this.world.store.removeItem(REFRESH_TOKEN);
    this.world.tell({ kind: "left" });
    this.#leave();
  }

  /** What another tab tells. */
  hear(news: Told): void {
    if (news.kind === "left") {
      this.#ended = this.world.store.getItem(REFRESH_TOKEN);
      this.#leave();
      return;
    }
    this.#access = news.access;
    if (news.kind === "entered") this.#say("entered");
  }

  subscribe(listener: (change: LoginChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #usable(): string | null {
    if (this.#access === null) return null;
    return this.#access.expiresAt - MARGIN_MS > this.world.now() ? this.#access.token : null;
  }

  #stored(): string | null {
    const token = this.world.store.getItem(REFRESH_TOKEN);
    return token === this.#ended ? null : token;
  }

  #keep(tokens: Tokens): void {
    this.world.store.setItem(REFRESH_TOKEN, tokens.refresh_token);
    this.#access = { token: tokens.access_token, expiresAt: this.world.now() + tokens.expires_in_s * 1000 };
  }

  #leave(): void {
    this.#access = null;
    this.#say("left");
  }

  #say(change: LoginChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
