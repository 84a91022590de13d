import { request } from "node:https";

/** One POST of bytes. A parameter, so that tests and simulations need no network. */
export type Post = (url: string, body: Uint8Array) => Promise<{ status: number; body: string }>;

/** Certificate and authority are a few KiB of PEM. */
export const ANSWER_BYTES_MAX = 65_536;

/** A virtual node that enrols a whole district at once answers the last within seconds. */
const TIMEOUT_MS = 30_000;

/** Posts over HTTPS to a server whose certificate comes from the given authority, and from no other. */
export function httpsPost(caPem: string): Post {
  return (url, body) =>
    new Promise((resolve, reject) => {
      const headers = { "content-type": "application/octet-stream", "content-length": body.length };
      const options = { method: "POST", ca: caPem, headers, agent: false as const, timeout: TIMEOUT_MS };
      const sent = request(url, options, (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          bytes += chunk.length;
          if (bytes > ANSWER_BYTES_MAX)
            sent.destroy(new RangeError(`an answer of more than ${ANSWER_BYTES_MAX} bytes`));
        });
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
        });
        response.on("error", reject);
      });
      sent.on("timeout", () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
      sent.on("error", reject);
      sent.end(body);
    });
}
