import { toast } from "sonner";
import { asProblem, sentence } from "./problem";
import { problemText } from "./problem-text";

/** Tells of a refusal in a toast, with what support needs a click away. */
export function toastProblem(error: unknown, title = "That did not work"): void {
  const problem = asProblem(error);
  toast.error(title, {
    description: sentence(problem.detail),
    duration: 10_000,
    action: {
      label: "Copy details",
      onClick: () => void navigator.clipboard?.writeText(problemText(problem)),
    },
  });
}
