/** Public face of the ingest step: single envelopes in, durable batches out. */
export { Ingest, type IngestModules, type IngestState } from "./ingest.ts";
export type { IngestCounts } from "./ingest-counters.ts";
export { IngestError, type IngestFailureCode } from "./ingest-error.ts";
