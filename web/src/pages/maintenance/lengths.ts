import type { Option } from "../../ui/input.tsx";

/** How long a mute or silence lasts, as the API takes it. */
export const LENGTHS: readonly Option[] = [
  { value: "15m", label: "15 minutes" },
  { value: "30m", label: "30 minutes" },
  { value: "1h", label: "1 hour" },
  { value: "4h", label: "4 hours" },
  { value: "1d", label: "1 day" },
  { value: "3d", label: "3 days" },
  { value: "7d", label: "1 week" },
];
