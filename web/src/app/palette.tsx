import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import {
  Activity,
  BookOpen,
  Boxes,
  CornerDownLeft,
  FileText,
  Flame,
  PhoneCall,
  Plus,
  SunMoon,
  UserRound,
} from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useEffect, useState } from "react";
import { api } from "../lib/api.ts";
import type { SearchResult } from "../lib/types.ts";
import { Spinner } from "../ui/spinner.tsx";
import { PLACES } from "./nav.ts";
import { useMay } from "./session.ts";
import { useTheme } from "./theme.ts";

const ICONS: Record<string, React.ReactNode> = {
  monitor: <Activity size={17} />,
  incident: <Flame size={17} />,
  service: <Boxes size={17} />,
  schedule: <PhoneCall size={17} />,
  postmortem: <BookOpen size={17} />,
  user: <UserRound size={17} />,
};

const SETTLE_MS = 120;

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** Finds every object and action. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const q = useSettled(text.trim());
  const found = useQuery({
    queryKey: ["search", q],
    queryFn: ({ signal }) => api.get<{ items: SearchResult[] }>("/search", { q }, signal),
    enabled: q !== "",
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  const navigate = useNavigate();
  const go = (to: string) => {
    onClose();
    void navigate({ to });
  };
  const results = q === "" ? [] : (found.data?.items ?? []);
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim enter-fade" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-x-2 top-2 z-50 mx-auto max-w-xl overflow-hidden rounded-lg border border-line bg-raised shadow-float enter-up sm:top-[12vh]"
        >
          <Radix.Title className="sr-only">Search or jump to</Radix.Title>
          <Command shouldFilter={false} loop label="Search or jump to">
            <div className="flex items-center gap-3 border-b border-line px-4">
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder="A monitor, an incident, a person, or what to do"
                className="h-13 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-faint"
              />
              {found.isFetching && <Spinner />}
            </div>
            <Command.List className="max-h-[min(60dvh,26rem)] overflow-y-auto p-2 [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint">
              {results.length > 0 && (
                <Command.Group heading="Found">
                  {results.map((result) => (
                    <Item
                      key={result.url}
                      value={result.url}
                      icon={ICONS[result.type] ?? <FileText size={17} />}
                      onSelect={() => go(pathOf(result.url))}
                      note={result.subtitle}
                    >
                      {result.title}
                    </Item>
                  ))}
                </Command.Group>
              )}
              <Actions text={text} go={go} onClose={onClose} />
              {q !== "" && !found.isFetching && results.length === 0 && (
                <p className="px-3 py-4 text-sm text-muted">Nothing is called “{q}”.</p>
              )}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Results carry full addresses; the router wants what follows the host. */
function pathOf(url: string): string {
  const parsed = new URL(url, window.location.origin);
  return parsed.pathname + parsed.search;
}

function Actions({ text, go, onClose }: { text: string; go: (to: string) => void; onClose: () => void }) {
  const mayEdit = useMay("edit");
  const mayRespond = useMay("respond");
  const [theme, chooseTheme] = useTheme();
  const actions = [
    ...(mayEdit
      ? [{ label: "Add a monitor", icon: <Plus size={17} />, run: () => go("/monitors/new") }]
      : []),
    ...(mayRespond
      ? [{ label: "Declare an incident", icon: <Flame size={17} />, run: () => go("/incidents/new") }]
      : []),
    ...PLACES.map((place) => ({
      label: `Go to ${place.label}`,
      icon: <place.icon size={17} />,
      run: () => go(place.to),
    })),
    {
      label: theme === "dark" ? "Switch to the light theme" : "Switch to the dark theme",
      icon: <SunMoon size={17} />,
      run: () => {
        chooseTheme(theme === "dark" ? "light" : "dark");
        onClose();
      },
    },
  ].filter((action) => matches(action.label, text));
  if (actions.length === 0) return null;
  return (
    <Command.Group heading="Do">
      {actions.map((action) => (
        <Item key={action.label} value={action.label} icon={action.icon} onSelect={action.run}>
          {action.label}
        </Item>
      ))}
    </Command.Group>
  );
}

const matches = (label: string, text: string): boolean =>
  text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => label.toLowerCase().includes(word));

const Item = ({
  value,
  icon,
  note,
  onSelect,
  children,
}: {
  value: string;
  icon: React.ReactNode;
  note?: string;
  onSelect: () => void;
  children: React.ReactNode;
}) => (
  <Command.Item
    value={value}
    onSelect={onSelect}
    className="group flex min-h-10 cursor-default items-center gap-3 rounded-md px-2.5 py-1.5 text-sm data-[selected=true]:bg-brand-soft max-sm:min-h-12"
  >
    <span className="text-faint" aria-hidden>
      {icon}
    </span>
    <span className="min-w-0 flex-1 truncate">{children}</span>
    {note && <span className="max-w-[45%] truncate text-xs text-muted">{note}</span>}
    <CornerDownLeft
      size={14}
      className="invisible text-faint group-data-[selected=true]:visible"
      aria-hidden
    />
  </Command.Item>
);
