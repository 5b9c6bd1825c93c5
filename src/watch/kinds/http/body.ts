import type { Readable, Transform } from "node:stream";
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from "node:zlib";
import { Failure } from "../base/failure.ts";
import type { Trace } from "../base/trace.ts";

/** Read for expectations; what comes after is not waited for. */
export const MOST_BODY_BYTES = 1_048_576;

const tolerant = { finishFlush: constants.Z_SYNC_FLUSH };

function decoderOf(encoding: string | undefined): Transform | null {
  switch (encoding?.trim().toLowerCase()) {
    case "gzip":
    case "x-gzip":
      return createGunzip(tolerant);
    case "deflate":
      return createInflate(tolerant);
    case "br":
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
    case "zstd":
      return createZstdDecompress({ finishFlush: constants.ZSTD_e_flush });
    default:
      return null;
  }
}

/** Reads at most 1 MiB, counted before and after decompression, into `trace.body`; the head is there already. */
export function readBody(answer: Readable, method: string, trace: Trace): Promise<void> {
  const encoding = trace.headers["content-encoding"];
  // The answer to HEAD has the headers of a body that isn't there.
  const decoder = method === "HEAD" ? null : decoderOf(encoding);
  return new Promise((resolve, reject) => {
    let length = 0;
    const done = () => {
      answer.pause();
      decoder?.destroy();
      resolve();
    };
    const take = (chunk: Buffer) => {
      if (length >= MOST_BODY_BYTES) return;
      trace.body.push(chunk.subarray(0, MOST_BODY_BYTES - length));
      length += chunk.length;
      if (length >= MOST_BODY_BYTES) done();
    };
    decoder?.on("data", take).on("end", done);
    decoder?.on("error", () => {
      reject(new Failure({ reason: `[body] is said to be ${encoding}, and is not`, code: "body:encoding" }));
    });
    answer.on("data", (chunk: Buffer) => {
      trace.bodyBytes += chunk.length;
      if (!decoder) return take(chunk);
      decoder.write(chunk);
      if (trace.bodyBytes < MOST_BODY_BYTES) return;
      answer.pause();
      decoder.end();
    });
    answer.on("end", () => (decoder && trace.bodyBytes > 0 ? decoder.end() : done()));
    answer.on("error", reject);
  });
}
