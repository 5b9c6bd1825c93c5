/**
 * Named places, one at each transaction's boundary, at which a fault test makes the process die as if by kill -9.
 * `KEEPWATCH_FAILPOINT=name` or `name:3` (the third time it is passed). Costs one comparison otherwise.
 */
let armed: { name: string; left: number } | undefined;

/** Called once by `main` with the environment's value. */
export function armFailpoint(text: string | undefined): void {
  if (!text) return;
  const [name = "", count = "1"] = text.split(":");
  armed = { name, left: Number(count) };
}

export function failpoint(name: string): void {
  if (armed === undefined || armed.name !== name) return;
  armed.left -= 1;
  if (armed.left === 0) process.kill(process.pid, "SIGKILL");
}
