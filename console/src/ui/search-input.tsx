import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useShortcuts } from "@/shortcuts/use-shortcuts";
import { Input } from "./input";

const TYPING_PAUSE_MS = 300;

interface SearchInputProps {
  label: string;
  /** What is searched for; belongs into the address. */
  value: string;
  onSearch: (value: string) => void;
  placeholder?: string;
  className?: string;
}

/** The search of a page: `/` goes to it, and it asks when the typing pauses. */
export function SearchInput({ label, value, onSearch, placeholder, className }: SearchInputProps) {
  const [text, setText] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef(onSearch);
  useEffect(() => {
    latest.current = onSearch;
  });

  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const page = window.location.pathname;
    const timer = setTimeout(() => {
      // Whoever follows a link meanwhile would be called back from where they go.
      if (window.location.pathname === page) latest.current(text);
    }, TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value]);

  useShortcuts([
    { keys: "/", label: "Search this page", group: "This page", run: () => input.current?.focus() },
  ]);

  return (
    <Input
      ref={input}
      type="search"
      aria-label={label}
      placeholder={placeholder ?? label}
      icon={<Search />}
      value={text}
      className={className}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") onSearch(text);
        if (event.key === "Escape") event.currentTarget.blur();
      }}
    />
  );
}
