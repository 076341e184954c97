import { CircleX, RotateCw } from "lucide-react";
import { asProblem, sentence } from "@/api/problem";
import { problemText } from "@/api/problem-text";
import { Button } from "./button";
import { CopyButton } from "./copy-button";

interface ErrorBoxProps {
  error: unknown;
  title?: string;
  onRetry?: () => void;
}

/** A refusal where its result would have been. */
export function ErrorBox({ error, title = "That did not work", onRetry }: ErrorBoxProps) {
  const problem = asProblem(error);
  return (
    <div role="alert" className="flex gap-3 rounded-lg border border-bad bg-bad-soft p-4">
      <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <div>
          <p className="font-medium text-bad">{title}</p>
          <p className="break-words">{sentence(problem.detail)}</p>
          {problem.requestId && (
            <p className="mt-1 font-mono text-xs break-all text-muted">Request {problem.requestId}</p>
          )}
        </div>
        <div className="flex flex-wrap gap-2">
          {onRetry && (
            <Button size="small" icon={<RotateCw />} onClick={onRetry}>
              Try again
            </Button>
          )}
          <CopyButton text={() => problemText(problem)} size="small" look="quiet">
            Copy details
          </CopyButton>
        </div>
      </div>
    </div>
  );
}
