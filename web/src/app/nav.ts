import {
  Activity,
  BookOpen,
  Boxes,
  Flame,
  LayoutDashboard,
  type LucideIcon,
  PhoneCall,
  Repeat2,
  Settings,
  Wrench,
} from "lucide-react";

export interface Place {
  to:
    | "/"
    | "/incidents"
    | "/maintenance"
    | "/monitors"
    | "/oncall"
    | "/postmortems"
    | "/problems"
    | "/services"
    | "/settings";
  label: string;
  icon: LucideIcon;
  /** The second key after "g". */
  key: string;
}

/** The places of the rail, in its order; phones show the first five and put the rest under More. */
export const PLACES: readonly Place[] = [
  { to: "/", label: "Overview", icon: LayoutDashboard, key: "h" },
  { to: "/incidents", label: "Incidents", icon: Flame, key: "i" },
  { to: "/monitors", label: "Monitors", icon: Activity, key: "m" },
  { to: "/oncall", label: "On call", icon: PhoneCall, key: "o" },
  { to: "/postmortems", label: "Postmortems", icon: BookOpen, key: "p" },
  { to: "/problems", label: "Problems", icon: Repeat2, key: "b" },
  { to: "/services", label: "Services", icon: Boxes, key: "s" },
  { to: "/maintenance", label: "Maintenance", icon: Wrench, key: "w" },
  { to: "/settings", label: "Settings", icon: Settings, key: "," },
];
