import { useAllShortcuts } from "@/shortcuts/use-shortcuts";
import { Dialog } from "@/ui/dialog";
import { Kbd } from "@/ui/kbd";

const ORDER = ["Everywhere", "This page", "Tables", "Go to"];

function rank(group: string): number {
  const place = ORDER.indexOf(group);
  return place === -1 ? 1 : place;
}

/** `?`: what the keys do, here and now. */
export default function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const groups = Object.entries(Object.groupBy(useAllShortcuts(), (shortcut) => shortcut.group)).sort(
    ([one], [other]) => rank(one) - rank(other),
  );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Shortcuts" size="wide">
      <div className="grid gap-x-8 gap-y-4 pb-4 sm:grid-cols-2">
        {groups.map(([group, shortcuts = []]) => (
          <section key={group}>
            <h3 className="mb-1 text-xs font-medium text-muted">{group}</h3>
            <dl>
              {shortcuts.map(({ keys, label }) => (
                <div key={keys} className="flex min-h-7 items-center justify-between gap-3">
                  <dt>{label}</dt>
                  <dd>
                    <Kbd keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
