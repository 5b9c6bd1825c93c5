import type { Section } from "../document.ts";
import type { ConfigSection } from "../section.ts";
import { escalationPolicies } from "./escalation-policies.ts";
import { holidayLists } from "./holiday-lists.ts";
import { integrations } from "./integrations.ts";
import { maintenanceWindows } from "./maintenance-windows.ts";
import { monitors } from "./monitors.ts";
import { providers } from "./providers.ts";
import { schedules } from "./schedules.ts";
import { services } from "./services.ts";
import { teams } from "./teams.ts";
import { users } from "./users.ts";

export const sections: Record<Section, ConfigSection> = {
  providers,
  users,
  teams,
  schedules,
  escalation_policies: escalationPolicies,
  services,
  monitors,
  integrations,
  maintenance_windows: maintenanceWindows,
  holiday_lists: holidayLists,
};
