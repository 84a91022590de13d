/** Public face of rate limits. */
export { TokenBucket } from "./token-bucket.ts";
