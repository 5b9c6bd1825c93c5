/** Where programs of the system are, beyond what a service's environment says. */
const PLACES = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * The environment to run a program of the system in: found where it may be, speaking English, and with nothing else of
 * ours, which holds secrets.
 */
export function programEnvironment(): Record<string, string | undefined> {
  const { PATH = "", SystemRoot } = process.env;
  return { PATH: process.platform === "win32" ? PATH : `${PATH}:${PLACES}`, SystemRoot, LC_ALL: "C" };
}
