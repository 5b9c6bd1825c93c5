import { defineKind } from "../kind.ts";
import { checkGrpc } from "./check.ts";
import { describeGrpc, grpcConfig, grpcForm, grpcSecrets } from "./config.ts";
import { grpcDocs, grpcExample } from "./docs.ts";

export const grpc = defineKind({
  id: "grpc",
  label: "gRPC service",
  schema: grpcConfig,
  form: grpcForm,
  docs: grpcDocs,
  example: grpcExample,
  secrets: grpcSecrets,
  host: ({ host }) => host,
  describe: describeGrpc,
  check: checkGrpc,
});
