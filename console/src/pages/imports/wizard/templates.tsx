import { useMutation, useQueryClient } from "@tanstack/react-query";
import { BookmarkPlus, ChevronDown } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, data, once } from "@/api/client";
import { keys } from "@/api/keys";
import { useOnceKey } from "@/api/once-key";
import { usePages } from "@/api/pages";
import { fieldError } from "@/api/problem";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { DropdownMenu, MenuItem, MenuLabel } from "@/ui/dropdown-menu";
import { ErrorBox } from "@/ui/error-box";
import { Field } from "@/ui/field";
import { FormFooter } from "@/ui/form-footer";
import { formValues } from "@/ui/form-values";
import { Input } from "@/ui/input";
import { pairsOf } from "../mapping/pairs";
import type { Wizard } from "./use-wizard";

const PER_PAGE = 200;
const KEY = [keys.imports, "templates"];

/** Saved mappings: to apply one, or to save this one. */
export function Templates({ wizard, header }: { wizard: Wizard; header: readonly string[] }) {
  const [isSaving, setSaving] = useState(false);
  const templates = usePages(KEY, (cursor) =>
    data(api.GET("/api/import-templates", { params: { query: { limit: PER_PAGE, cursor } } })),
  );
  return (
    <>
      {templates.rows.length > 0 && (
        <DropdownMenu
          trigger={
            <Button size="small">
              Saved mappings
              <ChevronDown aria-hidden />
            </Button>
          }
        >
          <MenuLabel>Apply to this file</MenuLabel>
          {templates.rows.map(({ id, name, mapping }) => (
            <MenuItem
              key={id}
              onSelect={() => {
                wizard.apply(mapping);
                toast.success(`${name} is applied`);
              }}
            >
              {name}
            </MenuItem>
          ))}
          {templates.hasMore && <MenuItem onSelect={templates.loadMore}>Show more</MenuItem>}
        </DropdownMenu>
      )}
      <Button
        size="small"
        look="quiet"
        icon={<BookmarkPlus />}
        disabled={wizard.mappingFault !== undefined}
        onClick={() => setSaving(true)}
      >
        <span className="max-sm:sr-only">Save mapping</span>
      </Button>
      {isSaving && <SaveDialog wizard={wizard} header={header} onClose={() => setSaving(false)} />}
    </>
  );
}

interface SaveDialogProps {
  wizard: Wizard;
  header: readonly string[];
  onClose: () => void;
}

function SaveDialog({ wizard, header, onClose }: SaveDialogProps) {
  const queryClient = useQueryClient();
  const key = useOnceKey();
  const save = useMutation({
    mutationFn: (name: string) => {
      const body = { name, mapping: pairsOf(header, wizard.targets) };
      return data(api.POST("/api/import-templates", { body, params: { header: once(key(body)) } }));
    },
    meta: { quiet: true },
    onSuccess: ({ name }) => {
      void queryClient.invalidateQueries({ queryKey: KEY });
      toast.success(`${name} is saved`);
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Save this mapping"
      description="To be applied to other files with the same columns."
      footer={
        <FormFooter onCancel={onClose} form="save-mapping" busy={save.isPending}>
          Save mapping
        </FormFooter>
      }
    >
      <form
        id="save-mapping"
        className="flex flex-col gap-3"
        onSubmit={(event) => save.mutate(formValues(event, "name").name)}
      >
        {save.error && <ErrorBox error={save.error} title="Not saved" />}
        <Field label="Name" required error={fieldError(save.error, "name")}>
          <Input name="name" required maxLength={200} autoFocus placeholder="Load board export" />
        </Field>
      </form>
    </Dialog>
  );
}
