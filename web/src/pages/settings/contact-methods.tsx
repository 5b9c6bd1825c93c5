import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { Channel, ContactMethod } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Loaded, SkeletonRows } from "../../ui/states.tsx";
import { AddMethod } from "./add-method.tsx";
import { MethodRow } from "./method-row.tsx";
import { channelsQuery, methodsQuery } from "./queries.ts";
import { ThisBrowser } from "./this-browser.tsx";

/** The ways a person can be reached: each verified by a code, tested with one click. `email` is proposed for mail. */
export function ContactMethods({ person, email }: { person: string; email: string }) {
  const methods = useQuery(methodsQuery(person));
  const channels = useQuery(channelsQuery);
  return (
    <Loaded query={methods} skeleton={<SkeletonRows rows={2} />}>
      {({ items }) => (
        <Loaded query={channels} skeleton={<SkeletonRows rows={1} />}>
          {(known) => <Whole {...{ person, email }} methods={items} channels={known.items} />}
        </Loaded>
      )}
    </Loaded>
  );
}

interface WholeProps {
  person: string;
  email: string;
  methods: readonly ContactMethod[];
  channels: readonly Channel[];
}

function Whole({ person, email, methods, channels }: WholeProps) {
  const [adding, setAdding] = useState<string | null>(null);
  const channel = channels.find(({ id }) => id === adding);
  return (
    <div className="flex flex-col gap-4">
      {methods.length > 0 && (
        <ul className="flex flex-col divide-y divide-line rounded-md border border-line">
          {methods.map((method) => (
            <MethodRow
              key={method.id}
              method={method}
              person={person}
              label={channels.find(({ id }) => id === method.channel)?.label ?? method.channel}
            />
          ))}
        </ul>
      )}
      {methods.length === 0 && (
        <p className="text-sm text-muted">
          Without a way to be reached a page can't arrive: escalation goes straight on to the next person.
        </p>
      )}
      <ThisBrowser person={person} methods={methods} />
      {channel ? (
        <AddMethod
          key={channel.id}
          channel={channel}
          person={person}
          proposed={channel.id === "email" && !methods.some((each) => each.channel === "email") ? email : ""}
          onClose={() => setAdding(null)}
        />
      ) : (
        <div className="flex flex-wrap gap-2">
          {channels
            .filter(({ id }) => id !== "web_push")
            .map((channel) => (
              <Button key={channel.id} onClick={() => setAdding(channel.id)}>
                <Plus size={16} aria-hidden /> {addWords(channel)}
              </Button>
            ))}
        </div>
      )}
    </div>
  );
}

const ADD_WORDS: Record<string, string> = {
  email: "Add an e-mail address",
  ntfy: "Add an ntfy topic",
  pushover: "Add a Pushover key",
  sms: "Add a number for SMS",
  voice: "Add a number to call",
  webhook: "Add a webhook",
};

/** What is connected rather than written down has its own name. */
const addWords = ({ id, label, pairing }: Channel): string =>
  ADD_WORDS[id] ?? (pairing ? `Connect ${label}` : `Add ${label}`);
