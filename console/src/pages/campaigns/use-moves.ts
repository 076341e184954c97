import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { toast } from "sonner";
import { api, data } from "@/api/client";
import { keys } from "@/api/keys";
import type { Campaign } from "./campaign-data";

/** The ways to move a campaign. All but pausing are asked about in dialogs, which show what goes wrong. */
export function useMoves() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: [keys.campaigns] }),
      queryClient.invalidateQueries({ queryKey: [keys.board] }),
    ]);
  const path = ({ id }: Campaign) => ({ path: { campaign_id: id } });

  const start = useMutation({
    mutationFn: (campaign: Campaign) =>
      data(
        campaign.status === "paused"
          ? api.POST("/api/campaigns/{campaign_id}/resume", { params: path(campaign) })
          : api.POST("/api/campaigns/{campaign_id}/start", { params: path(campaign) }),
      ),
    meta: { quiet: true },
    onSuccess: ({ name }) => {
      toast.success(`${name} is active`);
      return refresh();
    },
  });
  const pause = useMutation({
    mutationFn: (campaign: Campaign) =>
      data(api.POST("/api/campaigns/{campaign_id}/pause", { params: path(campaign) })),
    onSuccess: ({ name }) =>
      toast.success(`${name} is paused`, { description: "Calls in flight run to their end." }),
    onSettled: refresh,
  });
  const stop = useMutation({
    mutationFn: (campaign: Campaign) =>
      data(api.POST("/api/campaigns/{campaign_id}/stop", { params: path(campaign) })),
    meta: { quiet: true },
    onSuccess: ({ name }) => {
      toast.success(`${name} is stopped`);
      return refresh();
    },
  });
  const clone = useMutation({
    mutationFn: (campaign: Campaign) =>
      data(api.POST("/api/campaigns/{campaign_id}/clone", { params: path(campaign) })),
    meta: { quiet: true },
    onSuccess: async (copy) => {
      await refresh();
      toast.success(`${copy.name} is a draft`, {
        description: "The settings are the same; it has no leads yet.",
      });
      await navigate({
        to: "/campaigns/$campaignId",
        params: { campaignId: copy.id },
        search: { tab: "settings" },
      });
    },
  });
  const remove = useMutation({
    mutationFn: ({ id }: Campaign) =>
      data(api.DELETE("/api/campaigns/{campaign_id}", { params: { path: { campaign_id: id } } })),
    meta: { quiet: true },
    onSuccess: (_nothing, { name }) => {
      toast.success(`${name} is deleted`);
      return refresh();
    },
  });
  return { start, pause, stop, clone, remove };
}
