import { beforeEach, expect, test } from "vitest";
import { Login, type Tokens, type Told, type World } from "./login";

/** A server that ends the login when a refresh token is shown twice. */
class Server {
  current = "r0";
  exchanges = 0;
  isOver = false;
  isDown = false;

  async exchange(token: string): Promise<Tokens | null> {
    await Promise.resolve();
    if (this.isDown) throw new Error("down");
    if (this.isOver || token !== this.current) {
      this.isOver = true;
      return null;
    }
    this.exchanges += 1;
    this.current = `r${this.exchanges}`;
    return { access_token: `a${this.exchanges}`, expires_in_s: 600, refresh_token: this.current };
  }
}

let server: Server;
let store: Map<string, string>;
let now: number;
let tabs: Login[];
let isDeaf: boolean;
let turn: Promise<unknown>;

function tab(): Login {
  const world: World = {
    store: {
      getItem: (key) => store.get(key) ?? null,
      setItem: (key, value) => void store.set(key, value),
      removeItem: (key) => void store.delete(key),
    },
    alone: (work) => {
      const mine = turn.then(work);
      turn = mine.catch(() => undefined);
      return mine;
    },
    exchange: (token) => server.exchange(token),
    tell: (news: Told) => {
      if (!isDeaf) for (const other of tabs) if (other !== login) other.hear(news);
    },
    settle: async () => undefined,
    now: () => now,
  };
  const login = new Login(world);
  tabs.push(login);
  return login;
}

beforeEach(() => {
  server = new Server();
  store = new Map([["warmline.refresh_token", "r0"]]);
  now = 0;
  tabs = [];
  isDeaf = false;
  turn = Promise.resolve();
});

test("many requests of one tab need one exchange", async () => {
  const login = tab();
  const tokens = await Promise.all([login.accessToken(), login.accessToken(), login.accessToken()]);
  expect(tokens).toEqual(["a1", "a1", "a1"]);
  expect(server.exchanges).toBe(1);
});

test("tabs share what one of them got", async () => {
  const [one, other] = [tab(), tab()];
  expect(await Promise.all([one.accessToken(), other.accessToken()])).toEqual(["a1", "a1"]);
  expect(server.exchanges).toBe(1);
});

test("tabs that cannot hear one another still never show a token twice", async () => {
  isDeaf = true;
  const [one, other] = [tab(), tab()];
  expect(await Promise.all([one.accessToken(), other.accessToken()])).toEqual(["a1", "a2"]);
  expect(server.isOver).toBe(false);
});

test("a refused token is renewed once for all that were refused", async () => {
  const login = tab();
  const refused = await login.accessToken();
  expect(await Promise.all([login.renew(refused), login.renew(refused)])).toEqual(["a2", "a2"]);
});

test("a token is renewed before it ends", async () => {
  const login = tab();
  await login.accessToken();
  now = 590_000;
  expect(await login.accessToken()).toBe("a2");
});

test("a login that is over ends in every tab", async () => {
  const [one, other] = [tab(), tab()];
  const changes: string[] = [];
  other.subscribe((change) => changes.push(change));
  server.isOver = true;
  expect(await one.accessToken()).toBeNull();
  expect(one.isOpen).toBe(false);
  expect(changes).toEqual(["left"]);
});

test("a server that is down ends nothing", async () => {
  const login = tab();
  server.isDown = true;
  await expect(login.accessToken()).rejects.toThrow("down");
  expect(login.isOpen).toBe(true);
  server.isDown = false;
  expect(await login.accessToken()).toBe("a1");
});

test("who logs out while an exchange is under way stays logged out", async () => {
  const login = tab();
  const asked = login.accessToken();
  await Promise.resolve();
  login.end();
  expect(await asked).toBeNull();
  expect(login.isOpen).toBe(false);
});

test("a login tells the other tabs", async () => {
  const [one, other] = [tab(), tab()];
  const changes: string[] = [];
  other.subscribe((change) => changes.push(change));
  one.begin({ access_token: "a9", expires_in_s: 600, refresh_token: "r9" });
  expect(changes).toEqual(["entered"]);
  expect(await other.accessToken()).toBe("a9");
});

test("a tab whose store lags behind the news believes the news", async () => {
  const login = tab();
  await login.accessToken();
  login.hear({ kind: "left" });
  expect(login.isOpen).toBe(false);
  expect(await login.accessToken()).toBeNull();
  login.hear({ kind: "entered", access: { token: "a9", expiresAt: 600_000 } });
  expect(login.isOpen).toBe(true);
  expect(await login.accessToken()).toBe("a9");
});
