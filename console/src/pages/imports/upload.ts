import { ApiProblem, problemOf, UNREACHABLE } from "@/api/problem";
import type { Schema } from "@/api/types";
import { login } from "@/auth/browser";
import type { Pairs } from "./mapping/pairs";

export type Duplicates = Schema<"DuplicatesWord">;

/** How a file is to be read. */
export interface UploadTerms {
  campaign_id: string;
  mapping: Pairs;
  default_country: string;
  duplicates: Duplicates;
  across_campaigns: boolean;
  dry_run: boolean;
}

interface Sending {
  onceKey: string;
  /** Told how much has arrived, 0 to 1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/**
 * Sends a file. Not by the client: `fetch` cannot say how much of a body was sent. The token is the client's, and is
 * exchanged once when it is not taken, as there.
 */
export async function upload(file: File, terms: UploadTerms, sending: Sending): Promise<Schema<"Import">> {
  const form = formOf(file, terms);
  const token = await login.accessToken();
  let response = await send(form, token, sending);
  if (response.status === 401) {
    const renewed = await login.renew(token);
    if (renewed !== null) response = await send(form, renewed, sending);
  }
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

/** The file comes last, so that whatever else is wrong is refused before it is sent. */
function formOf(file: File, { mapping, ...terms }: UploadTerms): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(terms)) form.append(name, String(value));
  form.append("mapping", JSON.stringify(mapping));
  form.append("file", file, file.name);
  return form;
}

function send(form: FormData, token: string | null, sending: Sending): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/leads/upload");
    request.setRequestHeader("Idempotency-Key", sending.onceKey);
    if (token !== null) request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.upload.onprogress = ({ loaded, total }) => sending.onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => resolve(answerOf(request));
    request.onerror = () =>
      reject(new ApiProblem(0, UNREACHABLE, "The connection was lost before the file had arrived."));
    request.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    sending.signal.addEventListener("abort", () => request.abort(), { once: true });
    if (sending.signal.aborted) request.abort();
    else request.send(form);
  });
}

function answerOf(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const name of ["Content-Type", "Retry-After", "X-Request-Id"]) {
    const value = request.getResponseHeader(name);
    if (value !== null) headers.set(name, value);
  }
  return new Response(request.responseText, {
    status: request.status,
    statusText: request.statusText,
    headers,
  });
}
