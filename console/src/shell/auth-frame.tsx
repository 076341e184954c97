import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { setupQuery } from "@/api/setup";
import { Callout } from "@/ui/callout";
import { Brand } from "./brand";

interface AuthFrameProps {
  title: string;
  description?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
}

/** What is around the pages in front of the login. */
export function AuthFrame({ title, description, children, footer }: AuthFrameProps) {
  const { data: setup } = useQuery(setupQuery);
  useEffect(() => {
    document.title = `${title} · Warmline`;
  }, [title]);
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center gap-6 p-4">
      <Brand />
      <div className="flex flex-col gap-4 rounded-xl border border-line bg-surface p-6">
        <div>
          <h1 className="text-lg font-semibold">{title}</h1>
          {description && <p className="text-muted">{description}</p>}
        </div>
        {children}
      </div>
      {setup?.simulated && (
        <Callout tone="accent">
          Calls are simulated here: nobody is really called, and nothing is charged.
        </Callout>
      )}
      {footer && <div className="text-center text-muted">{footer}</div>}
    </main>
  );
}
