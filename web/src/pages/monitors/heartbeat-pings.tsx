import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { cn } from "../../lib/cn.ts";
import { Code } from "../../ui/code.tsx";
import { Badge } from "../../ui/small.tsx";
import { Duration, Time } from "../../ui/time.tsx";
import type { Ping } from "./heartbeat.ts";

const KIND_WORDS = { success: "Success", fail: "Failure", start: "Start", log: "Log" } as const;

/** The last pings, newest first; what a job sent along opens beneath its ping. */
export function PingTable({ pings }: { pings: readonly Ping[] }) {
  return (
    <table className="w-full text-left text-sm">
      <caption className="sr-only">The last pings, newest first</caption>
      <thead className="border-b border-line text-xs text-faint [&_th]:h-9 [&_th]:px-2 [&_th]:font-medium">
        <tr>
          <th scope="col" className="pl-4! sm:pl-5!">
            When
          </th>
          <th scope="col">What</th>
          <th scope="col" className="text-right">
            Took
          </th>
          <th scope="col" className="max-sm:hidden">
            From
          </th>
          <th scope="col" className="w-12 pr-4! sm:pr-5!">
            <span className="sr-only">What it sent along</span>
          </th>
        </tr>
      </thead>
      {pings.map((ping) => (
        <PingRows key={ping.number} ping={ping} />
      ))}
    </table>
  );
}

function PingRows({ ping }: { ping: Ping }) {
  const [open, setOpen] = useState(false);
  const { body, duration_ms: tookMs } = ping;
  return (
    <tbody className="border-b border-line last:border-b-0">
      <tr className="[&_td]:h-11 [&_td]:px-2 [&_td]:py-1">
        <td className="pl-4! sm:pl-5!">
          <Time at={ping.at} />
        </td>
        <td>
          <span className={cn(ping.kind === "fail" && "font-medium text-down")}>{KIND_WORDS[ping.kind]}</span>
          {ping.exit_status !== null && (
            <span className="text-muted num whitespace-nowrap"> exit {ping.exit_status}</span>
          )}
          {!ping.counted && (
            <>
              {" "}
              <Badge>while paused</Badge>
            </>
          )}
        </td>
        <td className="text-right">
          {tookMs === null ? <span className="text-faint">–</span> : <Duration ms={tookMs} />}
        </td>
        <td className="max-w-56 truncate text-muted max-sm:hidden" title={ping.user_agent ?? undefined}>
          {[ping.remote, ping.user_agent].filter(Boolean).join(" · ") || "–"}
        </td>
        <td className="pr-4! text-right sm:pr-5!">
          {body !== null && (
            <button
              type="button"
              aria-expanded={open}
              aria-label={`What ping ${ping.number} sent along`}
              onClick={() => setOpen(!open)}
              className="inline-grid size-8 place-items-center rounded-md text-muted hover:bg-hover hover:text-text"
            >
              <ChevronRight
                size={16}
                aria-hidden
                className={cn("transition-transform", open && "rotate-90")}
              />
            </button>
          )}
        </td>
      </tr>
      {open && body !== null && (
        <tr>
          {/* A table cell grows with what is in it unless it is told not to. */}
          <td colSpan={5} className="max-w-0 px-4 pb-3 sm:px-5">
            <Code label={`Output of ping ${ping.number}`} wrap>
              {body}
            </Code>
          </td>
        </tr>
      )}
    </tbody>
  );
}
