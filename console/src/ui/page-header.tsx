import { Link, type LinkProps } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useEffect } from "react";

export interface Crumb {
  label: string;
  to: LinkProps["to"];
}

interface PageHeaderProps {
  title: string;
  /** The pages above, the topmost first. */
  crumbs?: readonly Crumb[];
  /** Badges and the like beside the title. */
  badges?: ReactNode;
  description?: ReactNode;
  /** Buttons, the important one last. */
  actions?: ReactNode;
}

/** The head of a page. Names the browser's tab, too. */
export function PageHeader({ title, crumbs = [], badges, description, actions }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Warmline`;
  }, [title]);
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
      <div className="min-w-0">
        {crumbs.length > 0 && (
          <nav aria-label="Breadcrumbs" className="flex items-center gap-1 text-xs text-muted">
            {crumbs.map((crumb) => (
              <span key={crumb.label} className="flex items-center gap-1">
                <Link to={crumb.to} className="inline-flex min-h-6 items-center hover:text-text">
                  {crumb.label}
                </Link>
                <ChevronRight aria-hidden className="size-3" />
              </span>
            ))}
          </nav>
        )}
        <div className="flex flex-wrap items-center gap-2">
          <h1 className="text-xl font-semibold break-words">{title}</h1>
          {badges}
        </div>
        {description && <p className="text-muted">{description}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
