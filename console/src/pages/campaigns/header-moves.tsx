import { Ellipsis } from "lucide-react";
import { Button } from "@/ui/button";
import { DropdownMenu } from "@/ui/dropdown-menu";
import { IconButton } from "@/ui/icon-button";
import type { Campaign } from "./campaign-data";
import { MoveItems } from "./move-items";
import { moveLooks } from "./move-look";
import { type Move, movesOf } from "./moves";

interface HeaderMovesProps {
  campaign: Campaign;
  onMove: (move: Move, campaign: Campaign) => void;
  pausing: boolean;
}

/** What can be done with the campaign of the page: the first as a button, the others in a menu. */
export function HeaderMoves({ campaign, onMove, pausing }: HeaderMovesProps) {
  const [first, ...others] = movesOf(campaign.status);
  return (
    <>
      {others.length > 0 && (
        <DropdownMenu trigger={<IconButton label="More" icon={<Ellipsis aria-hidden />} />}>
          <MoveItems moves={others} campaign={campaign} onMove={onMove} />
        </DropdownMenu>
      )}
      {first && (
        <Button
          look={first === "pause" ? "secondary" : "primary"}
          icon={moveLooks[first].icon}
          busy={pausing}
          onClick={() => onMove(first, campaign)}
        >
          {moveLooks[first].label}
        </Button>
      )}
    </>
  );
}
