import type { Option } from "../../ui/input.tsx";

export const INTERVALS = ["10s", "20s", "30s", "60s", "2m", "5m", "10m", "30m", "1h"] as const;
export const KEEPS: readonly Option[] = [
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
  { value: "90d", label: "90 days" },
];
export const SEVERITIES: readonly Option[] = [
  { value: "SEV1", label: "SEV1, everything is down" },
  { value: "SEV2", label: "SEV2, users can't do what they came for" },
  { value: "SEV3", label: "SEV3, something is broken" },
  { value: "SEV4", label: "SEV4, a nuisance" },
  { value: "SEV5", label: "SEV5, only to know" },
];
