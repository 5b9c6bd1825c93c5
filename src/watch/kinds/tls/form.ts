import { expiryField, hostField, latencyFields, portField } from "../base/form-fields.ts";
import type { FormField } from "../kind.ts";
import { HTTPS_PORT, VERSIONS } from "./config.ts";
import { STARTTLS_NAMES } from "./starttls.ts";

export const tlsForm: readonly FormField[] = [
  hostField("Server", "mail.example.com"),
  portField("Server", HTTPS_PORT, "Left empty with STARTTLS: the protocol's own."),
  {
    name: "starttls",
    label: "STARTTLS",
    type: "select",
    options: STARTTLS_NAMES,
    group: "Server",
    help: "The protocol to ask for TLS in; left empty, TLS begins at once.",
  },
  expiryField("expect.expires_within", "Expect"),
  {
    name: "expect.min_version",
    label: "TLS at least",
    type: "select",
    options: VERSIONS,
    group: "Expect",
  },
  {
    name: "expect.issuer",
    label: "Issuer contains",
    type: "text",
    group: "Expect",
    placeholder: "Let's Encrypt",
  },
  {
    name: "expect.san",
    label: "Good for these names as well",
    type: "texts",
    group: "Expect",
    placeholder: "www.example.com",
  },
  {
    name: "expect.fingerprint_sha256",
    label: "SHA-256 fingerprint",
    type: "texts",
    group: "Expect",
    help: "Of the server's own certificate.",
  },
  ...latencyFields("800ms", "5s"),
  {
    name: "server_name",
    label: "Server name",
    type: "text",
    group: "Connection",
    help: "To ask for and to verify, where it is not the host.",
  },
  {
    name: "verify",
    label: "Verify the certificate",
    type: "boolean",
    default: true,
    group: "Connection",
  },
];
