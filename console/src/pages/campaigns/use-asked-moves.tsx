import { type ReactNode, useState } from "react";
import type { Campaign } from "./campaign-data";
import { MoveDialogs } from "./move-dialogs";
import type { Move } from "./moves";
import { useMoves } from "./use-moves";

/** Moves campaigns: pausing at once, all else after a question. `dialogs` belongs onto the page. */
export function useAskedMoves(onDeleted?: () => void): {
  move: (move: Move, campaign: Campaign) => void;
  pausing: boolean;
  dialogs: ReactNode;
} {
  const moves = useMoves();
  const [asked, setAsked] = useState<{ move: Move; campaign: Campaign } | null>(null);
  return {
    move: (move, campaign) => {
      if (move === "pause") moves.pause.mutate(campaign);
      else setAsked({ move, campaign });
    },
    pausing: moves.pause.isPending,
    dialogs: <MoveDialogs asked={asked} onClose={() => setAsked(null)} moves={moves} onDeleted={onDeleted} />,
  };
}
