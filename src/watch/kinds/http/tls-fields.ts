import { expiryField } from "../base/form-fields.ts";
import type { FormField } from "../kind.ts";

/** The form of `tlsConfig`, for kinds that come by the web. */
export const tlsFields: readonly FormField[] = [
  {
    name: "tls.verify",
    label: "Verify the certificate",
    type: "boolean",
    default: true,
    group: "Connection",
  },
  expiryField("tls.expires_within", "Connection"),
  {
    name: "tls.server_name",
    label: "Name to ask for over TLS",
    type: "text",
    group: "Connection",
    help: "Where it is not the URL's host.",
  },
  {
    name: "tls.ca",
    label: "Authority to trust",
    type: "textarea",
    group: "Connection",
    help: "PEM; in place of those that this machine trusts.",
    placeholder: "-----BEGIN CERTIFICATE-----",
  },
  {
    name: "tls.certificate",
    label: "Client certificate",
    type: "textarea",
    group: "Sign in",
    help: "PEM, the intermediate certificates after it.",
    placeholder: "-----BEGIN CERTIFICATE-----",
  },
  {
    name: "tls.key",
    label: "Key of the client certificate",
    type: "secret",
    group: "Sign in",
    help: "PEM, without a passphrase.",
  },
];
