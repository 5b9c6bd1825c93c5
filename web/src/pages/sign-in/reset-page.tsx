import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../lib/api.ts";
import { Button } from "../../ui/button.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { toast } from "../../ui/toast.tsx";
import { Door, doorLink } from "./door.tsx";

export const PASSWORD_HELP = "At least 10 characters. A few words are easier to remember than symbols.";

/** Behind the link from the mail: choose a new password. */
export function ResetPage() {
  const { token } = useParams({ strict: false });
  const [password, setPassword] = useState("");
  const navigate = useNavigate();
  const reset = useMutation({
    mutationFn: () => api.post("/api/auth/reset-password", { newPassword: password, token }),
    onSuccess: async () => {
      toast.done("Your password is changed. Sign in with it.");
      await navigate({ to: "/sign-in", search: {} });
    },
  });
  return (
    <Door
      title="Choose a new password"
      foot={
        reset.error && (
          <Link to="/forgot-password" className={doorLink}>
            Ask for another link
          </Link>
        )
      }
    >
      <Form onSubmit={() => reset.mutate()} className="flex flex-col gap-5">
        <FormProblem problem={reset.error} />
        <Input
          label="New password"
          type="password"
          autoComplete="new-password"
          help={PASSWORD_HELP}
          required
          autoFocus
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" variant="primary" size="lg" busy={reset.isPending}>
          Change the password
        </Button>
      </Form>
    </Door>
  );
}
