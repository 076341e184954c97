import type { Schema } from "@/api/types";
import { phoneText } from "@/format/phone";

type Named = Pick<Schema<"Lead">, "first_name" | "last_name" | "phone">;

/** What a lead is called: by its name, else by its number. Of one that was erased neither is known. */
export function nameOf({ first_name, last_name, phone }: Named): string {
  const name = [first_name, last_name].filter(Boolean).join(" ");
  return name || (phone ? phoneText(phone) : "Erased lead");
}

/** Whether everything that tells who it is was erased. */
export function isErased({ phone }: Pick<Named, "phone">): boolean {
  return phone === null || phone === undefined;
}
