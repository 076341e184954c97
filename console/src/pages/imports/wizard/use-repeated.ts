import { useQuery } from "@tanstack/react-query";
import { importQuery } from "../import-query";

/** The dry run that is to be repeated, read from the server: what it was made with, but for its file. */
export function useRepeated(importId: string | undefined) {
  const { data } = useQuery({ ...importQuery(importId ?? ""), enabled: importId !== undefined });
  return data;
}
