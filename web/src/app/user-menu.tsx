import { useNavigate } from "@tanstack/react-router";
import { Keyboard, LogOut, UserRound } from "lucide-react";
import { api } from "../lib/api.ts";
import { Menu, MenuChoice, MenuItem, MenuLine } from "../ui/menu.tsx";
import { Avatar, Kbd } from "../ui/small.tsx";
import { toast } from "../ui/toast.tsx";
import { signOut, useMe } from "./session.ts";
import { type Density, type ThemeChoice, useDensity, useTheme } from "./theme.ts";

const THEMES = [
  { value: "auto", label: "Dark by night" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];
const DENSITIES = [
  { value: "comfortable", label: "Comfortable" },
  { value: "compact", label: "Compact" },
];

/** Behind my face: profile, looks, keys, sign out. */
export function UserMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { user } = useMe();
  const [theme, chooseTheme] = useTheme();
  const [density, chooseDensity] = useDensity();
  const navigate = useNavigate();
  return (
    <Menu
      trigger={
        <button
          type="button"
          className="shrink-0 rounded-full"
          aria-label={`${user.name}: profile and settings`}
        >
          <Avatar name={user.name} size={32} quiet />
        </button>
      }
    >
      <div className="px-2.5 pt-1 pb-2">
        <div className="text-sm font-medium">{user.name}</div>
        {user.email && <div className="text-xs text-muted">{user.email}</div>}
      </div>
      <MenuLine />
      <MenuItem icon={<UserRound size={16} />} onSelect={() => void navigate({ to: "/settings" })}>
        Your profile
      </MenuItem>
      <MenuItem icon={<Keyboard size={16} />} onSelect={onShortcuts} hint={<Kbd>?</Kbd>}>
        Keyboard shortcuts
      </MenuItem>
      <MenuLine />
      <MenuChoice
        label="Theme"
        value={theme}
        onChange={(next) => {
          chooseTheme(next as ThemeChoice);
          void api.patch("/me", { theme: next }).catch(toast.failed);
        }}
        options={THEMES}
      />
      <MenuChoice
        label="Tables"
        value={density}
        onChange={(next) => chooseDensity(next as Density)}
        options={DENSITIES}
      />
      <MenuLine />
      <MenuItem icon={<LogOut size={16} />} onSelect={() => void signOut().catch(toast.failed)}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
