import type { z } from "zod";
import type * as integrations from "../../../src/alert/integrations/schema.ts";
import type { AlertJson, SentEvidence as SentEvidenceJson } from "../../../src/alert/schema.ts";
import type * as silences from "../../../src/alert/silence/schema.ts";
import type * as maintenance from "../../../src/catalog/maintenance/schema.ts";
import type * as catalog from "../../../src/catalog/schema.ts";
import type * as demo from "../../../src/demo/schema.ts";
import type * as incidents from "../../../src/incident/schema.ts";
import type * as problems from "../../../src/learn/problems/schema.ts";
import type * as learn from "../../../src/learn/schema.ts";
import type * as calendar from "../../../src/oncall/calendar/schema.ts";
import type * as fairness from "../../../src/oncall/fairness/schema.ts";
import type * as generator from "../../../src/oncall/generator/schema.ts";
import type * as imports from "../../../src/oncall/imports/schema.ts";
import type * as reminders from "../../../src/oncall/reminders/schema.ts";
import type * as oncall from "../../../src/oncall/schema.ts";
import type * as swaps from "../../../src/oncall/swaps/schema.ts";
import type * as org from "../../../src/org/schema.ts";
import type * as providers from "../../../src/page/providers/schema.ts";
import type * as paging from "../../../src/page/schema.ts";
import type * as report from "../../../src/views/report/schema.ts";
import type * as views from "../../../src/views/schema.ts";
import type * as watch from "../../../src/watch/schema.ts";

/** The shapes of the API, taken from the server's own schemas. Types only: nothing of the server is bundled. */
export type Alert = AlertJson;
export type Service = z.infer<typeof catalog.service>;
export type ServiceCreate = z.input<typeof catalog.serviceCreate>;
export type ServicePatch = z.input<typeof catalog.servicePatch>;
export type Severity = catalog.Severity;
export type Urgency = catalog.Urgency;
export type Keep = watch.Keep;

export type InMaintenance = maintenance.InMaintenance;
export type MaintenancePreview = z.infer<typeof maintenance.preview>;
export type MaintenanceWindow = maintenance.MaintenanceWindow;
export type Muted = maintenance.Muted;
export type Silence = silences.SilenceJson;

export type Incident = incidents.Incident;
export type IncidentStatus = incidents.IncidentStatus;
export type PolicyInUse = z.infer<typeof incidents.policyInUse>;
export type TimelineEntry = incidents.TimelineEntry;

export type ActionItem = z.infer<typeof learn.actionItem>;
export type Facts = learn.Facts;
export type Postmortem = z.infer<typeof learn.postmortem>;
export type PostmortemSummary = z.infer<typeof learn.postmortemSummary>;
export type SectionName = learn.SectionName;
export type Sections = learn.Sections;

export type FailureProblem = z.infer<typeof problems.problem>;
export type ProblemSummary = z.infer<typeof problems.problemSummary>;
export type ProblemState = problems.ProblemState;
export type WhyAgain = problems.WhyAgain;
export type Verdict = problems.Verdict;

export type CalendarFeed = z.infer<typeof calendar.calendarFeed>;
export type CalendarImport = z.infer<typeof imports.calendarImport>;
export type CalendarFeedMade = z.infer<typeof calendar.calendarFeedMade>;
export type OutOfOffice = z.infer<typeof calendar.outOfOffice>;
export type OnCallNow = z.infer<typeof oncall.onCallNow>;
export type Layer = oncall.LayerInput;
export type Fairness = z.infer<typeof fairness.fairness>;
export type HolidayList = z.infer<typeof fairness.holidayList>;
export type PersonLoad = z.infer<typeof fairness.personLoad>;
export type NotificationRules = z.infer<typeof oncall.notificationRules>;
export type Reminders = reminders.Reminders;
export type ShiftOffer = z.infer<typeof swaps.shiftOffer>;
export type ContactFindings = z.infer<typeof oncall.findings>;
export type PeopleFindings = z.infer<typeof oncall.peopleFindings>;
export type Override = z.infer<typeof oncall.override>;
export type Policy = z.infer<typeof oncall.policy>;
export type PolicyTarget = oncall.TargetInput;
export type Previewed = z.infer<typeof oncall.previewed>;
export type Proposal = generator.ProposalJson;
export type Report = report.Report;
export type Schedule = z.infer<typeof oncall.schedule>;
export type Shift = z.infer<typeof oncall.shift>;
export type Shifts = z.infer<typeof oncall.shifts>;
export type Simulation = z.infer<typeof oncall.simulation>;
export type SimulatedAnswer = NonNullable<z.input<typeof oncall.simulateInput>["answers"]>[number];

export type ApiToken = z.infer<typeof org.apiToken>;
export type AuditEntry = z.infer<typeof org.auditEntry>;
export type Invitation = z.infer<typeof org.invitation>;
export type Invited = z.infer<typeof org.invited>;
export type Me = org.Me;
export type Role = org.Role;
export type SetupState = z.infer<typeof org.setupState>;
export type Team = z.infer<typeof org.team>;
export type User = z.infer<typeof org.user>;
export type UserUses = z.infer<typeof org.userUses>;

export type Channel = z.infer<typeof paging.channelInfo>;
export type Pairing = z.infer<typeof paging.pairing>;
export type Provider = z.infer<typeof providers.provider>;
export type ProviderKindInfo = z.infer<typeof providers.providerKind>;
export type ProviderCheck = z.infer<typeof providers.providerCheck>;
export type Integration = z.infer<typeof integrations.integration>;
export type IntegrationWithKey = z.infer<typeof integrations.integrationWithKey>;
export type IntegrationKindInfo = z.infer<typeof integrations.integrationKind>;
export type ReceivedBrief = z.infer<typeof integrations.receivedBrief>;
export type Received = z.infer<typeof integrations.received>;
export type TryResult = z.infer<typeof integrations.tryResult>;
export type SentEvidence = SentEvidenceJson;
export type ContactMethod = z.infer<typeof paging.contactMethod>;
export type Delivery = z.infer<typeof paging.delivery>;
export type Page = z.infer<typeof paging.page>;
export type TestResult = paging.TestResult;

export type CaughtMail = z.infer<typeof demo.caughtMail>;
export type SampleShop = z.infer<typeof demo.sampleShop>;
export type ShopMode = SampleShop["mode"];

export type Overview = views.Overview;
export type SearchResult = z.infer<typeof views.search>["items"][number];
export type LiveEvent = z.infer<typeof views.liveEvent> & { of?: string };

export type Check = watch.Check;
export type Day = z.infer<typeof watch.day>;
export type Evidence = watch.Evidence;
export type GroupMembers = z.infer<typeof watch.groupMembers>;
export type Guess = z.infer<typeof watch.guess>;
export type KindInfo = z.infer<typeof watch.kindInfo>;
export type FormField = z.infer<typeof watch.formField>;
export type Monitor = watch.Monitor;
export type MonitorStatus = watch.MonitorStatus;
export type RecentCheck = Monitor["recent"][number];
export type Series = z.infer<typeof watch.series>;
export type Timings = z.infer<typeof watch.timings>;

export interface Named {
  slug: string;
  name: string;
}
export interface PersonRef {
  id: string;
  name: string;
  email: string;
}
/** A page of a list; `next` is the cursor of the following one, null on the last. */
export interface PageOf<T> {
  items: T[];
  next: string | null;
}
