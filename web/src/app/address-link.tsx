import { Link } from "@tanstack/react-router";

/** The path of a full address of this installation, as the API gives them: what the router wants. */
export function pathOf(url: string): string {
  const parsed = new URL(url, window.location.origin);
  return parsed.pathname + parsed.search + parsed.hash;
}

/** A link to an object by the full address that the API gave. Stays within the app. */
export const AddressLink = ({
  url,
  className,
  children,
}: {
  url: string;
  className?: string;
  children: React.ReactNode;
}) => {
  const { pathname, hash } = new URL(url, window.location.origin);
  return (
    <Link to={pathname} hash={hash.slice(1) || undefined} className={className}>
      {children}
    </Link>
  );
};
