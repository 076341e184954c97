import { MenuItem } from "@/ui/dropdown-menu";
import type { Campaign } from "./campaign-data";
import { moveLooks } from "./move-look";
import type { Move } from "./moves";

interface MoveItemsProps {
  moves: readonly Move[];
  campaign: Campaign;
  onMove: (move: Move, campaign: Campaign) => void;
}

/** Moves of a campaign, in a menu. */
export function MoveItems({ moves, campaign, onMove }: MoveItemsProps) {
  return moves.map((move) => (
    <MenuItem
      key={move}
      icon={moveLooks[move].icon}
      danger={moveLooks[move].danger}
      onSelect={() => onMove(move, campaign)}
    >
      {moveLooks[move].label}
    </MenuItem>
  ));
}
