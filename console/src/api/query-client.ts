import { MutationCache, QueryClient } from "@tanstack/react-query";
import { asProblem } from "./problem";
import { toastProblem } from "./toast-problem";

declare module "@tanstack/react-query" {
  interface Register {
    /** `quiet`: the page shows the problem itself, so no toast does. */
    mutationMeta: { quiet?: boolean };
  }
}

const TRIES = 3;

/** Whether asking again may help: our own trouble, or nobody there. */
function worthAnotherTry(tried: number, error: unknown): boolean {
  const { status } = asProblem(error);
  return tried < TRIES && (status === 0 || status === 429 || status >= 500);
}

function pauseMs(tried: number, error: unknown): number {
  const { retryAfterS } = asProblem(error);
  return retryAfterS === null ? Math.min(1000 * 2 ** tried, 8000) : retryAfterS * 1000;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, retry: worthAnotherTry, retryDelay: pauseMs },
    mutations: { retry: false },
  },
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, mutation) => {
      if (!mutation.meta?.quiet) toastProblem(error);
    },
  }),
});
