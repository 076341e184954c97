import { Link } from "@tanstack/react-router";
import { useEffect } from "react";

/** Kept plain: every page carries it along. */
export function NotFound() {
  useEffect(() => {
    document.title = "No such page · Warmline";
  }, []);
  return (
    <main className="flex flex-col items-center gap-2 px-6 py-12 text-center">
      <h1 className="text-lg font-semibold">There is no such page</h1>
      <p className="text-muted">The address may be mistyped, or what it led to is gone.</p>
      <Link to="/" className="underline underline-offset-3">
        Go to the start
      </Link>
    </main>
  );
}
