import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useParams, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api, messageOf } from "../../lib/api.ts";
import { browserZone } from "../../lib/time.ts";
import type { Invited } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Skeleton } from "../../ui/states.tsx";
import { Door, doorLink } from "./door.tsx";
import { PASSWORD_HELP } from "./reset-page.tsx";

/** Behind an invitation's link: whom it is for, and their password. */
export function InvitationPage() {
  const { token = "" } = useParams({ strict: false });
  const invited = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => api.get<Invited>(`/invitations/${encodeURIComponent(token)}`),
  });
  if (invited.error)
    return (
      <Door
        title="This link doesn't work"
        foot={
          <Link to="/sign-in" className={doorLink}>
            Go to signing in
          </Link>
        }
      >
        <p className="text-sm text-muted">{messageOf(invited.error)}</p>
      </Door>
    );
  if (invited.data === undefined)
    return (
      <Door title="Welcome">
        <Skeleton className="h-32" />
      </Door>
    );
  return <Accept token={token} invited={invited.data} />;
}

function Accept({ token, invited }: { token: string; invited: Invited }) {
  const [name, setName] = useState(invited.name);
  const [password, setPassword] = useState("");
  const router = useRouter();
  const accept = useMutation({
    mutationFn: () =>
      api.post(`/invitations/${encodeURIComponent(token)}`, { name, password, time_zone: browserZone() }),
    onSuccess: async () => {
      queryClient.clear();
      await router.navigate({ to: "/", replace: true });
    },
  });
  return (
    <Door
      title={`Welcome, ${invited.name.split(" ")[0]}`}
      lead={
        <>
          Choose a password, and you are in. Your sign-in is{" "}
          <strong className="font-medium text-text">{invited.email}</strong>.
        </>
      }
    >
      <Form problem={accept.error} onSubmit={() => accept.mutate()} className="flex flex-col gap-5">
        <FormProblem problem={accept.error} />
        <input type="hidden" name="username" autoComplete="username" value={invited.email} />
        <Input
          label="Your name"
          pointer="/name"
          autoComplete="name"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Input
          label="Password"
          pointer="/password"
          type="password"
          autoComplete="new-password"
          help={PASSWORD_HELP}
          required
          autoFocus
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" variant="primary" size="lg" busy={accept.isPending}>
          Begin
        </Button>
      </Form>
    </Door>
  );
}
