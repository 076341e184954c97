import { toast } from "sonner";

/** Copies a text. Browsers forbid it to pages without TLS; then it is shown, to be copied by hand. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    toast("Copying is not allowed here", { description: text, duration: 20_000 });
    return false;
  }
}
