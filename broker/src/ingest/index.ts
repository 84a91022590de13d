/** Public face of the ingest step: single envelopes in, durable batches out. */
export type { EnvelopeSource } from "./envelope-source.ts";
export { Ingest } from "./ingest.ts";
export type { IngestCounts } from "./ingest-counters.ts";
export { IngestError } from "./ingest-error.ts";
