import { listOf } from "../../lib/format.ts";
import type { Schedule } from "../../lib/types.ts";
import { Avatar } from "../../ui/small.tsx";
import { HandOff } from "./hand-off.tsx";

/** Who is on call at this moment, until when, and who comes after. */
export function ScheduleNow({ schedule }: { schedule: Schedule }) {
  const { users, until, next } = schedule.now;
  return (
    <section
      aria-label="On call now"
      className="flex flex-wrap items-center gap-x-10 gap-y-4 rounded-lg border border-line bg-surface p-4 sm:px-5"
    >
      <div className="flex items-center gap-3">
        {users.map((person) => (
          <Avatar key={person.id} name={person.name} size={40} quiet />
        ))}
        <div>
          <div className="text-xs text-faint">On call now</div>
          <div className={users.length > 0 ? "text-lg font-semibold" : "text-lg font-semibold text-down"}>
            {users.length > 0
              ? listOf(
                  users.map((person) => person.name),
                  3,
                )
              : "Nobody"}
          </div>
        </div>
      </div>
      {until && (
        <div>
          <div className="text-xs text-faint">{users.length > 0 ? "Hands over" : "Until"}</div>
          <div className="text-sm">
            <HandOff at={until} zone={schedule.time_zone} />
          </div>
        </div>
      )}
      {until && (
        <div>
          <div className="text-xs text-faint">Then</div>
          <div className={next.length > 0 ? "text-sm" : "text-sm font-medium text-down"}>
            {next.length > 0
              ? listOf(
                  next.map((person) => person.name),
                  3,
                )
              : "nobody"}
          </div>
        </div>
      )}
    </section>
  );
}
