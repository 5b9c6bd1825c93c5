import { teamRota } from "../oncall/fairness/rota.ts";
import type { Platform } from "../platform/platform.ts";
import { pagesReceived } from "../views/pages-received.ts";
import type { ReportPorts } from "../views/report/read.ts";

/** What the on-call report asks of schedules. */
export const reportPorts = ({ db }: Platform): ReportPorts => ({
  rotaOf: (viewer, asked) => teamRota(db, { ...asked, pages: (range) => pagesReceived(db, viewer, range) }),
});
