import { ManualClock } from "../platform/clock.ts";
import { armFailpoint } from "../platform/failpoint.ts";
import { openWorld } from "./world.fixture.ts";

/** A worker in a process of its own, which may die: database, time of its clock, and where it is to die. */
const [url = "", at = "", failpoint] = process.argv.slice(2);
armFailpoint(failpoint);
await using world = openWorld({ url, clock: new ManualClock(at), connections: 4 });
await world.start();
for (let tries = 0; tries < 1_000; tries++) {
  const left = await world.platform.db.selectFrom("due_jobs").select("id").execute();
  if (left.length === 0) break;
  await new Promise((resolve) => setTimeout(resolve, 5));
}
