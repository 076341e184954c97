import { type RawSearch, textOf } from "@/url/read";

export const dnc = (raw: RawSearch): { phone?: string } => ({ phone: textOf(raw.phone) });
