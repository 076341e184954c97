import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { live } from "@/live/browser";
import { useLive, useLiveEvents } from "@/live/hooks";
import { type Desk, deskQuery } from "./desk";
import { concernsDesk, DESK_EVENTS } from "./news";

/** The desk, read again the moment that something happens on it. */
export function useDesk() {
  const query = useQuery(deskQuery);
  const reread = useReread();
  const latest = useRef<Desk | null>(undefined);
  useEffect(() => {
    latest.current = query.data;
  });

  useLiveEvents(DESK_EVENTS, (event) => {
    const desk = latest.current;
    if (!desk) return;
    const callIds = desk.calls.map(({ id }) => id);
    if (concernsDesk(event, desk.agent.id, callIds)) reread();
  });

  const status = useLive((view) => view.status);
  useEffect(() => {
    // Whatever happened in between was not told, or will be told late.
    if (status === "live") reread();
  }, [status, reread]);

  useAnnouncedAgent(query.data?.agent.id);
  return query;
}

/** Reads the desk again, at once: an answer that is on its way may be older than the news. */
export function useReread(): () => void {
  const queryClient = useQueryClient();
  return useCallback(() => {
    void queryClient.invalidateQueries({ queryKey: deskQuery.queryKey });
  }, [queryClient]);
}

/** A connection that was opened before somebody became an agent does not count as that agent's: it is opened again. */
function useAnnouncedAgent(agentId: string | undefined): void {
  const isLive = useLive((view) => view.status === "live");
  const known = useLive((view) => view.agentId);
  const tried = useRef<string>(undefined);
  useEffect(() => {
    if (!isLive || agentId === undefined || known === agentId || tried.current === agentId) return;
    tried.current = agentId;
    live.stop();
    live.start();
  }, [isLive, agentId, known]);
}
