import { once } from "node:events";
import net, { type AddressInfo, type Server, type Socket } from "node:net";
import { pathToFileURL } from "node:url";

/** The only way from a started Keepwatch to faraway addresses, which the test can cut. */
export interface Uplink extends AsyncDisposable {
  /** For the Keepwatch that is to use it. */
  env: Record<string, string>;
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/**
 * `ports` says by address which port of this machine stands for it. Take addresses that nobody was ever given, such as
 * `4000::1`, so that nothing leaves this machine whatever goes wrong.
 */
export async function startUplink(ports: Record<string, number>): Promise<Uplink> {
  const relays = await Promise.all(Object.entries(ports).map(([address, port]) => startRelay(address, port)));
  const byAddress = Object.fromEntries(relays.map(({ address, port }) => [address, port]));
  const fixture = pathToFileURL(`${import.meta.dirname}/uplink.fixture.ts`).href;
  const cut = async () => void (await Promise.all(relays.map((relay) => relay.close())));
  return {
    env: { NODE_OPTIONS: `--import=${fixture}`, KEEPWATCH_TEST_UPLINK: JSON.stringify(byAddress) },
    cut,
    mend: async () => void (await Promise.all(relays.map((relay) => relay.open()))),
    [Symbol.asyncDispose]: cut,
  };
}

async function startRelay(address: string, target: number) {
  const sockets = new Set<Socket>();
  const server: Server = net.createServer((near) => {
    const far = net.connect(target, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      socket.on("error", () => {});
    }
    near.pipe(far).pipe(near);
  });
  const open = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const port = await open(0);
  return {
    ...{ address, port },
    open: () => open(port),
    async close() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
