import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { ApiProblem, messageOf } from "../lib/api.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { useTitle } from "../ui/page-header.tsx";
import { KeepMark } from "./mark.tsx";

/** A page that broke: what happened, what was kept, what to do. The rest of the app goes on. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  useTitle("Something went wrong");
  const router = useRouter();
  const words = error instanceof Error ? error.message : "";
  const stale = /dynamically imported module|error loading|importing a module/i.test(words);
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Message title={error instanceof ApiProblem && error.status === 0 ? "No connection" : "This page broke"}>
      <p className="max-w-md text-sm text-balance text-muted">
        {stale ? "Keepwatch was updated while this page was open. Reload it to go on." : messageOf(error)}
      </p>
      <div className="mt-3 flex gap-2">
        <Button variant="primary" onClick={stale ? () => window.location.reload() : retry}>
          {stale ? "Reload" : "Try again"}
        </Button>
        <Link to="/" className={buttonClass()}>
          Go to the overview
        </Link>
      </div>
    </Message>
  );
}

/** Nothing lives at this address. */
export function NotFoundPage() {
  useTitle("Not found");
  return (
    <Message title="Nothing is here" as="main">
      <p className="max-w-md text-sm text-balance text-muted">
        The address may be mistyped, or what it named was removed. Search finds everything that exists.
      </p>
      <Link to="/" className={`mt-3 ${buttonClass("primary")}`}>
        Go to the overview
      </Link>
    </Message>
  );
}

/** A page of its own (`main`), or a part of one. */
const Message = ({
  title,
  as: Element = "div",
  children,
}: {
  title: string;
  as?: "div" | "main";
  children: React.ReactNode;
}) => (
  <Element className="grid min-h-[60dvh] place-content-center justify-items-center gap-2 p-6 text-center">
    <KeepMark size={44} />
    <h1 className="mt-3 text-lg font-semibold">{title}</h1>
    {children}
  </Element>
);
