import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { api, data } from "@/api/client";
import { live } from "@/live/browser";
import { useLive } from "@/live/hooks";
import { BOARD_EVENTS } from "./board";
import { BoardStore } from "./board-store";

const REREAD_MS = 10_000;
const FIRST_NAMES_MS = 1_000;
/** A long list is asked for less often on account of a few new names. */
const NAMES_MS_PER_CALL = 5;

const timers = {
  now: () => Date.now(),
  later: (work: () => void, ms: number) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * The board: moved by events as they come, and read anew every few seconds. Its key is none of those that events
 * refetch, for it would be refetched at every single one.
 */
export function useBoard() {
  const [store] = useState(() => new BoardStore(timers));
  const board = useSyncExternalStore(store.watch, () => store.board);
  const isPaused = useLive((view) => view.status === "paused");

  useEffect(() => live.subscribe(BOARD_EVENTS, (event) => store.push(event)), [store]);

  const { error, isError, dataUpdatedAt, refetch } = useQuery({
    queryKey: ["floor"],
    queryFn: async ({ signal }) => {
      const mark = store.mark();
      const told = await data(api.GET("/api/live/board", { signal }));
      if (live.view.status !== "paused") store.replace(told, mark);
      return told.cursor;
    },
    enabled: !isPaused,
    refetchInterval: REREAD_MS,
    staleTime: 0,
    gcTime: 0,
  });

  const isNameless = board.nameless > 0 && !isPaused;
  const pauseMs = Math.min(REREAD_MS, Math.max(FIRST_NAMES_MS, board.calls.size * NAMES_MS_PER_CALL));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a longer list does not put off what is under way
  useEffect(() => {
    if (!isNameless) return;
    const timer = setTimeout(() => void refetch(), pauseMs);
    return () => clearTimeout(timer);
  }, [isNameless, dataUpdatedAt, refetch]);

  return { board, isPaused, error, isError, refetch, readAt: dataUpdatedAt };
}
