import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "../lib/cn.ts";
import { controlClass } from "./input.tsx";

const SETTLE_MS = 200;

/** Words to search by. Tells once typing has settled; follows `value` when it is changed from outside. */
export function SearchBox({
  label,
  placeholder,
  value,
  onChange,
  className,
  large,
}: {
  label: string;
  placeholder: string;
  value: string;
  onChange: (text: string) => void;
  className?: string;
  large?: boolean;
}) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <div className={cn("relative", className)}>
      <Search
        size={large ? 18 : 16}
        className={cn(
          "pointer-events-none absolute top-1/2 -translate-y-1/2 text-faint",
          large ? "left-4" : "left-3",
        )}
        aria-hidden
      />
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={cn(controlClass, large ? "h-12 pl-11 text-base!" : "h-9 pl-9 max-sm:h-11")}
      />
    </div>
  );
}
