import { useMutation } from "@tanstack/react-query";
import { KeyRound, MailPlus, MoreHorizontal, Pencil, UserCheck, UserX } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { useMe } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import type { Invitation, User } from "../../lib/types.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Menu, MenuItem, MenuLine } from "../../ui/menu.tsx";
import { toast } from "../../ui/toast.tsx";
import { DeactivateDialog } from "./deactivate-dialog.tsx";
import { InvitationLink } from "./invitation-link.tsx";
import { PersonDialog } from "./person-dialog.tsx";

type ResetLink = Omit<Invitation, "mailed">;

/** What an administrator can do with a person's account. */
export function PersonMenu({ user }: { user: User }) {
  const me = useMe().user.id;
  const [open, setOpen] = useState<"edit" | "deactivate" | null>(null);
  const close = () => setOpen(null);
  const invite = useMutation({
    mutationFn: () => api.post<Invitation>(`/users/${user.id}/invitation`),
    onError: toast.failed,
  });
  const reset = useMutation({
    mutationFn: () => api.post<ResetLink>(`/users/${user.id}/reset-link`),
    onError: toast.failed,
  });
  const reactivate = useMutation({
    mutationFn: () => api.post<User>(`/users/${user.id}/reactivate`),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ["users"] });
      toast.done(`${user.name} may sign in again.`);
    },
    onError: toast.failed,
  });
  return (
    <>
      <Menu
        trigger={
          <IconButton
            label={`Actions for ${user.name}`}
            icon={<MoreHorizontal size={18} />}
            size="sm"
            className="max-sm:size-11"
            quiet
          />
        }
      >
        <MenuItem icon={<Pencil size={16} />} onSelect={() => setOpen("edit")}>
          Change role and teams
        </MenuItem>
        {user.active && user.invited && (
          <MenuItem icon={<MailPlus size={16} />} onSelect={() => invite.mutate()}>
            Invite again
          </MenuItem>
        )}
        {user.active && !user.invited && (
          <MenuItem icon={<KeyRound size={16} />} onSelect={() => reset.mutate()}>
            Make a link for a new password
          </MenuItem>
        )}
        {user.id !== me && <MenuLine />}
        {user.id !== me && user.active && (
          <MenuItem icon={<UserX size={16} />} danger onSelect={() => setOpen("deactivate")}>
            Deactivate
          </MenuItem>
        )}
        {!user.active && (
          <MenuItem icon={<UserCheck size={16} />} onSelect={() => reactivate.mutate()}>
            Let in again
          </MenuItem>
        )}
      </Menu>
      {open === "edit" && <PersonDialog user={user} onClose={close} />}
      {open === "deactivate" && <DeactivateDialog user={user} onClose={close} />}
      {invite.data && (
        <LinkDialog title={`A new invitation for ${user.name}`} link={invite.data} onClose={invite.reset} />
      )}
      {reset.data && (
        <LinkDialog
          title={`A new password for ${user.name}`}
          link={{ ...reset.data, mailed: false }}
          onClose={reset.reset}
        />
      )}
    </>
  );
}

function LinkDialog({ title, link, onClose }: { title: string; link: Invitation; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description="Hand this link over yourself; earlier links no longer work."
      footer={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <InvitationLink invitation={link} />
    </Dialog>
  );
}
