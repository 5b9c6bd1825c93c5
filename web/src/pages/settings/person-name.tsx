import type { User } from "../../lib/types.ts";
import { Avatar, Badge } from "../../ui/small.tsx";

/** A person with their address, and what is special about their account. */
export const PersonName = ({ user }: { user: User }) => (
  <div className="flex min-w-0 items-center gap-3">
    <span aria-hidden className="contents">
      <Avatar name={user.name} size={32} quiet />
    </span>
    <div className="min-w-0">
      <div className="flex min-w-0 items-center gap-2">
        <span className="truncate font-medium">{user.name}</span>
        {!user.active && <Badge>No access</Badge>}
        {user.active && user.invited && <Badge strong>Invited</Badge>}
        {user.managed_by === "config" && <Badge>From the configuration</Badge>}
      </div>
      <div className="truncate text-xs text-muted">{user.email}</div>
    </div>
  </div>
);
