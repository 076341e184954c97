import { useMutation } from "@tanstack/react-query";
import { api, data, once } from "@/api/client";
import { useOnceKey } from "@/api/once-key";
import { useReread } from "./use-desk";
import { letGo } from "./use-lost-offers";

export type Answer = "accept" | "decline";

/** Accepts or declines the offer of a call. */
export function useAnswer(callId: string) {
  const reread = useReread();
  const key = useOnceKey();
  return useMutation({
    mutationFn: (answer: Answer) => {
      const params = { path: { call_id: callId }, header: once(key([callId, answer])) };
      return answer === "accept"
        ? data(api.POST("/api/calls/{call_id}/accept", { params }))
        : data(api.POST("/api/calls/{call_id}/decline", { params }));
    },
    meta: { quiet: true },
    onMutate: (answer) => {
      if (answer === "decline") letGo(callId);
    },
    onSettled: reread,
  });
}
