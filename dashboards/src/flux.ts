/**
 * Flux queries of the panels, one function each. Grafana fills `v.timeRangeStart`, `v.timeRangeStop`,
 * `v.windowPeriod` and `${bucket}`; the test fills them itself and runs every query against a real InfluxDB.
 *
 * The readings come from the native engine's line protocol: measurement `reading`, tags `device` and `feeder`,
 * integer fields `power_w` (import positive), `import_wh` and `export_wh` (cumulative registers).
 */
export type PanelQuery = { title: string; description: string; unit: string; flux: string };

const READINGS = [
  `from(bucket: "\${bucket}")`,
  "  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)",
  `  |> filter(fn: (r) => r._measurement == "reading")`,
];

/** Length of a market time unit in Flux's notation; the buckets of every energy panel. */
const MARKET_TIME_UNIT = "15m";

function flux(...steps: string[]): string {
  return [...READINGS, ...steps.map((step) => `  |> ${step}`)].join("\n");
}

/** Sum of the devices' mean power, per feeder. */
export const POWER_BY_FEEDER: PanelQuery = {
  title: "Power by feeder",
  description: "Sum over devices of their mean active power, import positive.",
  unit: "watt",
  flux: flux(
    `filter(fn: (r) => r._field == "power_w")`,
    "aggregateWindow(every: v.windowPeriod, fn: mean, createEmpty: false)",
    `group(columns: ["feeder", "_time"])`,
    `sum(column: "_value")`,
    `group(columns: ["feeder"])`,
    `sort(columns: ["_time"])`,
  ),
};

/**
 * Energy of each market time unit from the registers, all devices together, labelled by its start. FEIDs emit a reading
 * exactly on each boundary, so the first register value of a unit is the one settlement subtracts:
 * ```
 *  reading   |r0   r1   r2|r3   r4   r5|r6        energy of the unit that r0 begins = r3 - r0
 *           t0           t1           t2          its point comes with r3, hence the shift back by one unit
 * ```
 */
export const ENERGY_PER_INTERVAL: PanelQuery = {
  title: "Imported energy per market time unit",
  description: "Differences of the cumulative import registers, as settlement counts them, over all devices.",
  unit: "watth",
  flux: flux(
    `filter(fn: (r) => r._field == "import_wh")`,
    `aggregateWindow(every: ${MARKET_TIME_UNIT}, fn: first, timeSrc: "_start", createEmpty: false)`,
    "difference(nonNegative: true)",
    `timeShift(duration: -${MARKET_TIME_UNIT})`,
    `group(columns: ["_time"])`,
    `sum(column: "_value")`,
    "group()",
    `sort(columns: ["_time"])`,
  ),
};

/** The ten largest importers now. */
export const LARGEST_IMPORTERS: PanelQuery = {
  title: "Largest importers",
  description: "Newest power of the ten devices that import most.",
  unit: "watt",
  flux: flux(
    `filter(fn: (r) => r._field == "power_w")`,
    "last()",
    "group()",
    `top(n: 10, columns: ["_value"])`,
    `keep(columns: ["device", "feeder", "_value"])`,
  ),
};

/** Devices that were heard of in each market time unit. */
export const REPORTING_DEVICES: PanelQuery = {
  title: "Reporting devices",
  description: "Distinct devices with at least one accepted reading in the market time unit.",
  unit: "short",
  flux: flux(
    `filter(fn: (r) => r._field == "power_w")`,
    `aggregateWindow(every: ${MARKET_TIME_UNIT}, fn: count, timeSrc: "_start", createEmpty: false)`,
    `group(columns: ["_time"])`,
    "count()",
    "group()",
    `sort(columns: ["_time"])`,
  ),
};

/** Power of one chosen device: where an event shows. */
export const DEVICE_POWER: PanelQuery = {
  title: "One device",
  description: "Active power of the chosen device, import positive.",
  unit: "watt",
  flux: flux(
    `filter(fn: (r) => r._field == "power_w" and r.device == "\${device}")`,
    "aggregateWindow(every: v.windowPeriod, fn: mean, createEmpty: false)",
  ),
};

/** Values of the `device` variable. */
export const DEVICES_FLUX = [
  `import "influxdata/influxdb/schema"`,
  `schema.tagValues(bucket: "\${bucket}", tag: "device", start: v.timeRangeStart)`,
].join("\n");

/** All queries over readings, to be run by a test against a real InfluxDB. */
export const PANEL_QUERIES: readonly PanelQuery[] = [
  POWER_BY_FEEDER,
  ENERGY_PER_INTERVAL,
  REPORTING_DEVICES,
  LARGEST_IMPORTERS,
  DEVICE_POWER,
];
