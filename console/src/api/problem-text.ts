import type { ApiProblem } from "./problem";

/** What support needs to find a problem in the logs. */
export function problemText(problem: ApiProblem): string {
  const lines = [
    `code: ${problem.code}`,
    `status: ${problem.status}`,
    `detail: ${problem.detail}`,
    problem.field && `field: ${problem.field}`,
    problem.requestId && `request: ${problem.requestId}`,
    `page: ${window.location.pathname}`,
    `time: ${new Date().toISOString()}`,
  ];
  return lines.filter(Boolean).join("\n");
}
