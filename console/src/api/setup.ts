import { queryOptions } from "@tanstack/react-query";
import { authorised } from "./authorised";
import { ApiProblem } from "./problem";

/** What the installation says of itself to somebody who is not logged in. */
export interface Setup {
  /** Whether there is no organisation yet. */
  needs_setup: boolean;
  /** Whether people may make organisations themselves. */
  registration: boolean;
  /** Whether calls are simulated, so that nobody is really called. */
  simulated: boolean;
}

const UNKNOWN: Setup = { needs_setup: false, registration: true, simulated: false };

async function read(): Promise<Setup> {
  try {
    const response = await authorised(new Request(new URL("/api/setup", window.location.origin)));
    return { ...UNKNOWN, ...(await response.json()) };
  } catch (error) {
    // A server without this address is one that has been set up.
    if (error instanceof ApiProblem && error.status === 404) return UNKNOWN;
    throw error;
  }
}

export const setupQuery = queryOptions({ queryKey: ["setup"], queryFn: read, staleTime: 60_000 });
