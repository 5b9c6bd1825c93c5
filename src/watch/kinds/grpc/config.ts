import { z } from "zod";
import { duration, host, msOf, port } from "../base/fields.ts";
import { quote, spell } from "../base/finding.ts";
import { hostField, latencyFields, portField, tlsField } from "../base/form-fields.ts";
import { isSecretHeader } from "../base/redact.ts";
import { tls, tlsWishOf } from "../base/tls-wish.ts";
import type { FormField } from "../kind.ts";

/** What a server says of a service, by the number it stands for. */
export const SERVING = ["unknown", "serving", "not_serving", "service_unknown"] as const;
export const WANTED = ["serving", "not_serving", "unknown"] as const;
/** As gRPC itself has it. */
export const GRPC_PORT = 443;
export const DEFAULT_WANTED = "serving";

// What HTTP/2 or gRPC itself writes, and what HTTP/2 forbids.
const OURS =
  /^(?:grpc-.*|te|host|user-agent|content-.*|connection|keep-alive|proxy-connection|transfer-encoding|upgrade|http2-settings)$/;

const metadata = z.record(z.string(), z.string()).superRefine((pairs, issue) => {
  for (const [name, value] of Object.entries(pairs)) {
    const wrong = (message: string) => issue.addIssue({ code: "custom", path: [name], message });
    if (!/^[\da-z_.-]+$/.test(name))
      wrong("a key of metadata is of lower-case letters, digits, dashes, dots and underscores");
    else if (OURS.test(name)) wrong("gRPC writes this itself; leave it out");
    if (!/^[\x20-\x7e]*$/.test(value))
      wrong("a value of metadata is one line of ASCII; under a key that ends in -bin, bytes as base64");
  }
});

export const grpcConfig = z.strictObject({
  host,
  port: port.optional(),
  // `service` is the monitor's own, in Keepwatch.
  grpc_service: z.string().max(1_000).optional(),
  tls: tls.optional(),
  metadata: metadata.optional(),
  expect: z
    .strictObject({
      status: z.enum(WANTED, `write one of ${WANTED.join(", ")}`).optional(),
      latency: duration.optional(),
      latency_down: duration.optional(),
    })
    .optional(),
});

export type GrpcConfig = z.infer<typeof grpcConfig>;

/** JSON pointers of the credentials in this configuration; a key has no character that a pointer escapes. */
export const grpcSecrets = ({ metadata }: GrpcConfig): string[] =>
  Object.keys(metadata ?? {})
    .filter(isSecretHeader)
    .map((name) => `/metadata/${name}`);

/** `the service “shop.Orders”`, or the whole server where none is named. */
export const subjectOf = (service: string | undefined): string =>
  service ? `the service ${quote(service)}` : "the server as a whole";

/** `grpc.example.com:443 says that the service “shop.Orders” is serving in under 500 ms, over TLS.` */
export function describeGrpc(config: GrpcConfig): string {
  const { host, port = GRPC_PORT, grpc_service, expect = {} } = config;
  const secure = tlsWishOf(config.tls);
  const wanted = (expect.status ?? DEFAULT_WANTED).replaceAll("_", " ");
  const parts = [
    `${host.includes(":") ? `[${host}]` : host}:${port} says by gRPC that ${subjectOf(grpc_service)}`,
  ];
  parts.push(wanted === "unknown" ? "is in a state unknown" : `is ${wanted}`);
  const limitMs = msOf(expect.latency ?? expect.latency_down);
  if (limitMs !== undefined) parts.push(`in under ${spell(limitMs)}`);
  const note = secure?.verify === false ? " Any certificate will do." : "";
  return `${parts.join(" ")}${secure ? ", over TLS" : ""}.${note}`;
}

export const grpcForm: readonly FormField[] = [
  hostField("Server", "grpc.example.com"),
  portField("Server", GRPC_PORT),
  {
    name: "grpc_service",
    label: "gRPC service",
    type: "text",
    group: "Server",
    placeholder: "shop.v1.Orders",
    help: "As the server's health service knows it. Left empty: the server as a whole.",
  },
  {
    name: "expect.status",
    label: "Status",
    type: "select",
    options: WANTED,
    default: DEFAULT_WANTED,
    group: "Expect",
  },
  ...latencyFields("500ms", "5s"),
  { name: "metadata", label: "Metadata", type: "pairs", group: "Connection" },
  tlsField(),
];
