/** Two sizes of one benchmark: the tiny one runs with the tests, the large one has figures that mean something. */
export type IngestSize = {
  devices: number;
  /** Envelopes that each device has on the way at a time. */
  inFlight: number;
  /** Rounds that count; a warm-up comes before them. */
  rounds: number;
  cases: IngestCase[];
};

/** One size of envelope; the slower host gets fewer, so that rounds of both take about as long. */
export type IngestCase = {
  /** Readings in an envelope. */
  readings: number;
  /** Envelopes of each device in one round, for the native host and for the slower JavaScript one. */
  envelopes: { native: number; slow: number };
};

/** Its figures mean nothing; that sent, acknowledged and stored are the same holds in it as well. */
export const TINY: IngestSize = {
  devices: 2,
  inFlight: 5,
  rounds: 1,
  cases: [
    { readings: 1, envelopes: { native: 40, slow: 20 } },
    { readings: 10, envelopes: { native: 20, slow: 10 } },
  ],
};

/** A round takes a second of CPU or more, as CPU is counted in hundredths of one. */
export const LARGE: IngestSize = {
  devices: 50,
  inFlight: 50,
  rounds: 5,
  cases: [
    { readings: 1, envelopes: { native: 1_500, slow: 300 } },
    { readings: 10, envelopes: { native: 1_200, slow: 250 } },
    { readings: 60, envelopes: { native: 600, slow: 100 } },
  ],
};

/** Every power has a value other than zero, every register grows. */
export const POWER_W = 500;

/** As a meter that is read once a second. */
export const STEP_MS = 1_000;

/** Start of all readings: a multiple of every market time unit, and far from the future. */
export const START_UNIX_MS = Date.UTC(2024, 0, 15);
