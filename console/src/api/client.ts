import createClient from "openapi-fetch";
import { authorised } from "./authorised";
import type { paths } from "./schema";

/** The API, typed by its description. Wrap its calls in `data(...)` or `versioned(...)`. */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: authorised });

interface Answer<Data> {
  data?: Data;
  response: Response;
}

/** The body of an answer. Refusals are thrown as `ApiProblem`. */
export async function data<Data>(answer: Promise<Answer<Data>>): Promise<NonNullable<Data>> {
  // Refusals never come this far: what is left out here is the empty body of a 204, which nobody reads.
  return (await answer).data as NonNullable<Data>;
}

/** A body with its version, to be sent back by `ifMatch`. */
export interface Versioned<Data> {
  data: Data;
  etag: string | null;
}

/** The body of an answer, with its version. */
export async function versioned<Data>(answer: Promise<Answer<Data>>): Promise<Versioned<NonNullable<Data>>> {
  const { data: body, response } = await answer;
  return { data: body as NonNullable<Data>, etag: response.headers.get("ETag") };
}

/** For `params.header` of an update: refused (412, `changed`) if somebody else was quicker. */
export function ifMatch(etag: string | null): { "If-Match"?: string } {
  return etag === null ? {} : { "If-Match": etag };
}

/** For `params.header` of a POST that creates or starts something: done once, however often it is sent. */
export function once(key: string): { "Idempotency-Key": string } {
  return { "Idempotency-Key": key };
}
