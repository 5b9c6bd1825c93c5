/**
 * Named places, one at each transaction's boundary, at which a fault test makes the process die as if by kill -9.
 * `KEEPWATCH_FAILPOINT=name` or `name:3` (the third time it is passed). Costs one comparison otherwise.
 */
let armed: { name: string; left: number } | undefined;

/** Called once by `main` with the environment's value. Names have colons of their own; a last number is the count. */
export function armFailpoint(text: string | undefined): void {
  if (!text) return;
  const [, name = text, count = "1"] = /^(.+?)(?::(\d+))?$/.exec(text) ?? [];
  armed = { name, left: Number(count) };
}

export function failpoint(name: string): void {
  if (armed === undefined || armed.name !== name) return;
  armed.left -= 1;
  if (armed.left === 0) process.kill(process.pid, "SIGKILL");
}
