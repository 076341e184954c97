import type { Schema } from "./types";

/** A refusal of the API (RFC 9457). Programs go by `code`; `field` names what was wrong. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly field: string | null = null,
    readonly requestId: string | null = null,
    readonly retryAfterS: number | null = null,
  ) {
    super(detail);
  }
}

/** The code of a problem that never reached the server. */
export const UNREACHABLE = "unreachable";

/** Reads a refusal; a proxy in between may answer something that is no problem document. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const body: Partial<Schema<"Body">> = await response.json().catch(() => ({}));
  const retryAfterS = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return new ApiProblem(
    response.status,
    body.code ?? `http_${response.status}`,
    body.detail ?? (response.statusText || `The server answered ${response.status}.`),
    body.field ?? null,
    body.request_id ?? response.headers.get("X-Request-Id"),
    Number.isFinite(retryAfterS) ? retryAfterS : null,
  );
}

/** Any error as a problem, so that pages show one kind of thing. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof TypeError && /fetch|network|load/i.test(error.message)) {
    return new ApiProblem(0, UNREACHABLE, "The server cannot be reached. Is the network up?");
  }
  return new ApiProblem(0, "unexpected", error instanceof Error ? error.message : String(error));
}

/** The sentence for one field of a form, if the problem is about that field. */
export function fieldError(error: unknown, field: string): string | undefined {
  if (!(error instanceof ApiProblem) || error.field === null) return undefined;
  if (error.field !== field && !error.field.startsWith(`${field}.`)) return undefined;
  return sentence(
    error.detail.startsWith(`${error.field}: `) ? error.detail.slice(error.field.length + 2) : error.detail,
  );
}

/** Details are written for log lines, too: without a capital and a full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "") return trimmed;
  const capital = trimmed[0]?.toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
