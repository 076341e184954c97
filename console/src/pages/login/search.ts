import { type RawSearch, textOf } from "@/url/read";

export const login = (raw: RawSearch): { next?: string } => ({ next: textOf(raw.next) });

/** The word that an invitation or a reset was sent with. */
export const token = (raw: RawSearch): { token?: string } => ({ token: textOf(raw.token) });
