/**
 * Who may import whom, of ours: the one table of docs/architecture.md as data. A workspace that is not listed here
 * does not exist; an import that is not listed here is a fault.
 */
const HOST = "host";

export const MAY_IMPORT: Record<string, { folder: string; imports: string[]; entries?: string[] }> = {
  proto: { folder: "proto", imports: [] },
  host: { folder: "cloud/host", imports: [] },
  // Entries for browsers, which have them from a page's own server.
  page: { folder: "cloud/page", imports: [], entries: [".", "./amounts.js", "./elements.js", "./page.css"] },
  native: { folder: "native", imports: ["proto", HOST] },
  edge: { folder: "edge", imports: ["proto", HOST] },
  broker: {
    folder: "broker",
    imports: ["proto", "native", "settlement", "flexibility", "ledger", "contracts", "page", HOST],
  },
  settlement: { folder: "cloud/settlement", imports: [] },
  flexibility: { folder: "cloud/flexibility", imports: ["settlement", "native"] },
  contracts: { folder: "cloud/contracts", imports: ["settlement", "proto"] },
  // Entry `fabric`: see decision 28; `receipts` and `browser-crypto`: 79.
  ledger: {
    folder: "cloud/ledger",
    imports: ["contracts", "native", "proto", "settlement", HOST],
    entries: [".", "./browser-crypto", "./fabric", "./receipts"],
  },
  // Built for browsers by its own script, so no other workspace imports it.
  dapp: { folder: "cloud/dapp", imports: ["ledger", "page", "settlement"] },
  openadr: { folder: "cloud/openadr", imports: [] },
  "dr-openadr": { folder: "cloud/dr-openadr", imports: ["openadr", "proto", "settlement", HOST] },
  aggregator: {
    folder: "cloud/aggregator",
    imports: ["settlement", "flexibility", "ledger", "openadr", "page", "proto", "contracts", HOST],
  },
  cli: {
    folder: "cloud/cli",
    imports: [
      "aggregator",
      "broker",
      "contracts",
      "dr-openadr",
      "edge",
      "flexibility",
      "ledger",
      "native",
      "openadr",
      "page",
      "proto",
      "settlement",
      HOST,
    ],
  },
  dashboards: { folder: "dashboards", imports: [] },
  loadtest: { folder: "loadtest", imports: ["proto", "native", "broker", HOST] },
  test: {
    folder: "test",
    imports: [
      "aggregator",
      "broker",
      "cli",
      "contracts",
      "dashboards",
      "edge",
      "ledger",
      "flexibility",
      "loadtest",
      "native",
      "proto",
      "settlement",
      HOST,
    ],
  },
};
