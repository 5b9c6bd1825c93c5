import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { ApiToken, PageOf, Role } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Code } from "../../ui/code.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";

const KEY = ["tokens", "list"];
const ROLES = ["admin", "responder", "viewer"].map((value) => ({ value, label: value }));

/** Tokens for programs: shown once, kept as a hash, revoked at once. */
export function TokensPage() {
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.get<PageOf<ApiToken>>("/tokens", { limit: 500 }, signal),
  });
  const [making, setMaking] = useState(false);
  const revoke = useMutation({
    mutationFn: (id: string) => api.delete(`/tokens/${id}`),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: KEY }),
    onError: toast.failed,
  });
  const make = (
    <Button size="sm" variant="primary" onClick={() => setMaking(true)}>
      Make a token
    </Button>
  );
  return (
    <Card flush title="API tokens" aside={make}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No token yet" action={make}>
              A token lets a program use the API: send it as “Authorization: Bearer …”.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line border-t border-line">
              {items.map((token) => (
                <li key={token.id} className="flex flex-wrap items-center gap-4 px-4 py-3 sm:px-5">
                  <div className="min-w-0 flex-1 basis-56">
                    <div className="truncate text-sm font-medium">{token.name}</div>
                    <div className="text-xs text-muted">
                      {token.role}
                      {token.team && ` · ${token.team.name} only`} · by {token.created_by} ·{" "}
                      {token.last_used_at ? (
                        <>
                          used <Time at={token.last_used_at} />
                        </>
                      ) : (
                        "never used"
                      )}
                    </div>
                  </div>
                  <Button size="sm" variant="danger" onClick={() => revoke.mutate(token.id)}>
                    Revoke
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {making && <MakeToken onClose={() => setMaking(false)} />}
    </Card>
  );
}

function MakeToken({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("responder");
  const make = useMutation({
    mutationFn: () => api.post<ApiToken & { token: string }>("/tokens", { name, role }),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: KEY }),
  });
  return (
    <Dialog open onClose={onClose} title={make.data ? "Copy it now" : "Make a token"}>
      {make.data ? (
        <div className="grid gap-4">
          <p className="text-sm text-muted">It is shown this once; Keepwatch keeps only its hash.</p>
          <Code label="Token" wrap className="pr-8">
            {make.data.token}
          </Code>
          <div>
            <Button variant="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </div>
      ) : (
        <Form problem={make.error} onSubmit={() => make.mutate()} className="grid gap-4">
          <Input
            label="What is it for?"
            pointer="/name"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Select label="Role" value={role} onChange={(value) => setRole(value as Role)} options={ROLES} />
          <FormProblem problem={make.error} />
          <div>
            <Button variant="primary" type="submit" busy={make.isPending}>
              Make it
            </Button>
          </div>
        </Form>
      )}
    </Dialog>
  );
}
