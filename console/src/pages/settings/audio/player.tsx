import { useMutation } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { api, data } from "@/api/client";
import { asProblem, sentence } from "@/api/problem";
import { Button } from "@/ui/button";

/** Asks for a link when somebody wants to listen, and plays it. */
export function Player({ id, name }: { id: string; name: string }) {
  const link = useMutation({
    mutationFn: () => data(api.POST("/api/audio/{audio_id}/links", { params: { path: { audio_id: id } } })),
    meta: { quiet: true },
  });
  if (link.data)
    return (
      // biome-ignore lint/a11y/useMediaCaption: nobody has written down what is said
      <audio controls autoPlay src={link.data.path} className="h-8 w-56" onError={() => link.reset()} />
    );
  return (
    <>
      <Button
        size="small"
        icon={<Play />}
        busy={link.isPending}
        onClick={() => link.mutate()}
        aria-label={`Listen to ${name}`}
      >
        Listen
      </Button>
      {link.error && (
        <p role="alert" className="mt-1 text-xs text-bad">
          {sentence(asProblem(link.error).detail)}
        </p>
      )}
    </>
  );
}
