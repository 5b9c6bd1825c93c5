import { useMutation } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import { Button } from "../../ui/button.tsx";
import { Form, FormProblem } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Door, doorLink } from "./door.tsx";
import { signInRoute } from "./routes.tsx";

/** E-mail and password. */
export function SignInPage() {
  const { next } = signInRoute.useSearch();
  const router = useRouter();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    mutationFn: () => api.post("/api/auth/sign-in/email", { email: email.trim(), password }),
    onSuccess: async () => {
      queryClient.clear();
      await router.navigate({ href: next ?? "/", replace: true });
    },
  });
  return (
    <Door
      title="Sign in"
      foot={
        <Link to="/forgot-password" className={doorLink}>
          Forgot your password?
        </Link>
      }
    >
      <Form onSubmit={() => signIn.mutate()} className="flex flex-col gap-5">
        <FormProblem problem={signIn.error} />
        <Input
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          required
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Input
          label="Password"
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" variant="primary" size="lg" busy={signIn.isPending}>
          Sign in
        </Button>
      </Form>
    </Door>
  );
}
