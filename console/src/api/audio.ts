import { queryOptions } from "@tanstack/react-query";
import { api, data } from "./client";
import { keys } from "./keys";
import type { Schema } from "./types";

export type AudioFile = Schema<"AudioFile">;

export const audioKey = [keys.settings, "audio"];

/** The audio files that campaigns may play, all of them. */
export const audioQuery = queryOptions({
  queryKey: [...audioKey, "choices"],
  queryFn: async () => {
    const files: AudioFile[] = [];
    let cursor: string | undefined;
    do {
      const page = await data(api.GET("/api/audio", { params: { query: { limit: 200, cursor } } }));
      files.push(...page.data);
      cursor = page.next ?? undefined;
    } while (cursor);
    return files;
  },
});

/** Brings a file; without a name it is called as it is on the disk. */
export function uploadAudio(form: FormData): Promise<AudioFile> {
  if (String(form.get("name") ?? "").trim() === "") form.delete("name");
  const body = form as unknown as Schema<"AudioForm">;
  return data(api.POST("/api/audio", { body, bodySerializer: () => form }));
}
