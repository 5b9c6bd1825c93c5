import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { ContactMethod } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { sendCode } from "./add-method.tsx";
import { methodsQuery } from "./queries.ts";

/** The six digits that were sent to the method; from then on it carries pages. */
export function VerifyForm({ person, method }: { person: string; method: ContactMethod }) {
  const [code, setCode] = useState("");
  const verify = useMutation({
    mutationFn: () =>
      api.post<ContactMethod>(`/users/${person}/contact-methods/${method.id}/verify`, { code: code.trim() }),
    onSuccess: () => queryClient.invalidateQueries(methodsQuery(person)),
  });
  const again = useMutation({ mutationFn: () => sendCode(person, method.id) });
  return (
    <Form problem={verify.error} onSubmit={() => verify.mutate()} className="flex flex-col gap-2">
      <FormProblem problem={verify.error} />
      <div className="flex flex-wrap items-end gap-2">
        <Input
          label="The six-digit code that was sent there"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={6}
          className="w-64 max-sm:w-full"
          placeholder="123456"
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
        <Button type="submit" variant="primary" busy={verify.isPending} disabled={code.trim().length < 6}>
          Verify
        </Button>
        <Button variant="ghost" busy={again.isPending} onClick={() => again.mutate()}>
          Send another code
        </Button>
      </div>
    </Form>
  );
}
