import { Link } from "@tanstack/react-router";
import { Ellipsis, FileUp, Settings2 } from "lucide-react";
import { DropdownMenu, MenuItem, MenuSeparator } from "@/ui/dropdown-menu";
import { IconButton } from "@/ui/icon-button";
import type { Campaign } from "./campaign-data";
import { MoveItems } from "./move-items";
import { moveLooks } from "./move-look";
import { type Move, movesOf } from "./moves";

interface RowMovesProps {
  campaign: Campaign;
  onMove: (move: Move, campaign: Campaign) => void;
  busy: boolean;
}

/** What can be done with a campaign of the list: the first at a click, the others in a menu. */
export function RowMoves({ campaign, onMove, busy }: RowMovesProps) {
  const moves = movesOf(campaign.status);
  const [first] = moves;
  const isQuick = first !== undefined && first !== "clone";
  return (
    <span className="inline-flex items-center">
      {isQuick && (
        <IconButton
          label={`${moveLooks[first].label} ${campaign.name}`}
          icon={moveLooks[first].icon}
          disabled={busy}
          onClick={() => onMove(first, campaign)}
        />
      )}
      <DropdownMenu
        trigger={<IconButton label={`More for ${campaign.name}`} icon={<Ellipsis aria-hidden />} />}
      >
        {campaign.status !== "stopped" && (
          <MenuItem asChild>
            <Link to="/imports/new" search={{ campaign_id: campaign.id }}>
              <FileUp aria-hidden /> Upload leads
            </Link>
          </MenuItem>
        )}
        <MenuItem asChild>
          <Link to="/campaigns/$campaignId" params={{ campaignId: campaign.id }} search={{ tab: "settings" }}>
            <Settings2 aria-hidden /> Settings
          </Link>
        </MenuItem>
        <MenuSeparator />
        <MoveItems moves={moves} campaign={campaign} onMove={onMove} />
      </DropdownMenu>
    </span>
  );
}
