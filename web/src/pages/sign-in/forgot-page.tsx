import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../lib/api.ts";
import { Button } from "../../ui/button.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Door, doorLink } from "./door.tsx";

/** Asks for a mail with a link to choose a new password. Says the same whether the address is known or not. */
export function ForgotPage() {
  const [email, setEmail] = useState("");
  const ask = useMutation({
    mutationFn: () => api.post("/api/auth/request-password-reset", { email: email.trim() }),
  });
  const back = (
    <Link to="/sign-in" className={doorLink}>
      Back to signing in
    </Link>
  );
  if (ask.isSuccess)
    return (
      <Door title="Look in your mail" foot={back}>
        <p className="text-sm text-muted">
          If <strong className="font-medium text-text">{email}</strong> has an account here, a link to choose
          a new password is on its way. It works once, for one hour. If nothing comes, ask an administrator
          for a link.
        </p>
      </Door>
    );
  return (
    <Door title="Choose a new password" lead="We send you a link." foot={back}>
      <Form onSubmit={() => ask.mutate()} className="flex flex-col gap-5">
        <FormProblem problem={ask.error} />
        <Input
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Button type="submit" variant="primary" size="lg" busy={ask.isPending}>
          Send the link
        </Button>
      </Form>
    </Door>
  );
}
