import { useMutation, useQuery } from "@tanstack/react-query";
import { BellOff, BellRing, Lock, Smartphone } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import {
  connectBrowser,
  deviceName,
  isAppleTouch,
  isInstalled,
  type PushSupport,
  pushSupport,
  subscribedKey,
} from "../../lib/push.ts";
import type { ContactMethod } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { toast } from "../../ui/toast.tsx";
import { methodsQuery } from "./queries.ts";

/** Connects the browser that is being looked at, so that pages ring in it; or says what stands in the way. */
export function ThisBrowser({ person, methods }: { person: string; methods: readonly ContactMethod[] }) {
  const pushed = methods.filter(({ channel }) => channel === "web_push");
  const keys = pushed.map(({ id }) => id);
  const own = useQuery({ queryKey: ["push-subscription", keys], queryFn: subscribedKey, staleTime: 0 });
  const [support, setSupport] = useState(pushSupport);
  const here = pushed.find(({ address, disabled }) => own.data && address.p256dh === own.data && !disabled);
  if (own.isPending) return null;
  if (here)
    return (
      <Box icon={<BellRing size={18} />} title="This browser is connected">
        Pages ring here as “{here.destination}”, also while Keepwatch is closed.{" "}
        {isAppleTouch()
          ? "iOS shows no buttons on notifications: tap one to answer."
          : "Acknowledge and Escalate stand on the notification itself."}
      </Box>
    );
  if (support !== "ready") return IN_THE_WAY[support]();
  return <Connect person={person} pushed={pushed} onRefused={() => setSupport(pushSupport())} />;
}

function Connect({
  person,
  pushed,
  onRefused,
}: {
  person: string;
  pushed: readonly ContactMethod[];
  onRefused: () => void;
}) {
  const [device, setDevice] = useState(() => deviceName(navigator.userAgent));
  const connect = useMutation({
    mutationFn: () => connectBrowser(person, { device, known: pushed.filter((each) => !each.disabled) }),
    onSuccess: (how) => {
      if (how === "verified") toast.done("Connected. Send a test to hear how it rings.");
      if (how === "not heard")
        toast.failed("The push has not come back yet. Its notification shows a code: enter it above.");
      if (how === "not allowed") onRefused();
    },
    onSettled: () => queryClient.invalidateQueries(methodsQuery(person)),
  });
  return (
    <Box icon={<Smartphone size={18} />} title="Ring in this browser">
      Pages come as notifications here, with buttons to answer them, also while Keepwatch is closed.
      {/Android/.test(navigator.userAgent) &&
        !isInstalled() &&
        " Install Keepwatch from the browser's menu: it then rings like an app."}
      <Form problem={connect.error} onSubmit={() => connect.mutate()} className="mt-3 flex flex-col gap-3">
        <FormProblem problem={connect.error} />
        <div className="flex flex-wrap items-end gap-2">
          <Input
            label="What you call this device"
            pointer="/address/device"
            maxLength={60}
            required
            className="w-64 max-sm:w-full"
            value={device}
            onChange={(event) => setDevice(event.target.value)}
          />
          <Button type="submit" busy={connect.isPending} disabled={device.trim() === ""}>
            Connect this browser
          </Button>
        </div>
      </Form>
    </Box>
  );
}

const IN_THE_WAY: Record<Exclude<PushSupport, "ready">, () => React.ReactNode> = {
  "needs https": () => (
    <Box icon={<Lock size={18} />} title="Notifications here need HTTPS">
      Browsers take push only from addresses with a certificate, and this is{" "}
      <code className="break-all">{window.location.origin}</code>. Put Keepwatch behind a proxy that has one,
      start it with that address as <code>KEEPWATCH_URL</code>, and open it there. The other ways below work
      without.
    </Box>
  ),
  "needs installing": () => (
    <Box icon={<Smartphone size={18} />} title="Install Keepwatch first">
      On an iPhone or iPad only installed apps get notifications (iOS 16.4 or newer): tap Share, then “Add to
      Home Screen”, open Keepwatch from there and come back to this page. iOS shows no buttons on
      notifications: a tap opens the incident.
    </Box>
  ),
  blocked: () => (
    <Box icon={<BellOff size={18} />} title="Notifications are blocked here">
      This browser was told to show none from Keepwatch. Allow them in its settings for this site (beside the
      address), then load this page again.
    </Box>
  ),
  unsupported: () => (
    <Box icon={<BellOff size={18} />} title="This browser takes no push">
      Private windows and some browsers have no push notifications. Open Keepwatch in an ordinary window of
      Chrome, Edge, Firefox or Safari, or use another way below.
    </Box>
  ),
};

function Box({ icon, title, children }: { icon: React.ReactNode; title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title} className="flex items-start gap-3 rounded-md border border-line p-4">
      <span className="mt-px shrink-0 text-muted" aria-hidden>
        {icon}
      </span>
      <div className="min-w-0 flex-1 text-sm text-muted">
        <h3 className="mb-1 font-medium text-text">{title}</h3>
        {children}
      </div>
    </section>
  );
}
