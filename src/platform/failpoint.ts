/**
 * Named places, one at each transaction's boundary, at which a fault test makes the process die as if by kill -9.
 * `KEEPWATCH_FAILPOINT=name` or `name:3` (the third time it is passed). Costs one comparison otherwise.
 */
let armed: { name: string; left: number } | undefined;
/** What a test of many deaths in one process does instead of dying: whatever it throws ends the work there. */
let interrupt: ((name: string) => void) | undefined;

/** Called once by `main` with the environment's value. Names have colons of their own; a last number is the count. */
export function armFailpoint(text: string | undefined): void {
  if (!text) return;
  const [, name = text, count = "1"] = /^(.+?)(?::(\d+))?$/.exec(text) ?? [];
  armed = { name, left: Number(count) };
}

/** For tests. Calls `handle` at every failpoint until the returned function is called. */
export function onFailpoint(handle: (name: string) => void): () => void {
  interrupt = handle;
  return () => {
    interrupt = undefined;
  };
}

export function failpoint(name: string): void {
  interrupt?.(name);
  if (armed === undefined || armed.name !== name) return;
  armed.left -= 1;
  if (armed.left === 0) process.kill(process.pid, "SIGKILL");
}
