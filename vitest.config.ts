import { defineConfig } from "vitest/config";

/** One project for each workspace, so that `npx vitest --project broker` runs one of them. */
const workspaces = [
  "proto",
  "native",
  "edge",
  "broker",
  "cloud/host",
  "cloud/page",
  "cloud/settlement",
  "cloud/flexibility",
  "cloud/contracts",
  "cloud/ledger",
  "cloud/dapp",
  "cloud/aggregator",
  "cloud/openadr",
  "cloud/dr-openadr",
  "cloud/cli",
  "dashboards",
  "loadtest",
  "test",
];

export default defineConfig({
  test: {
    // Two cores: more workers only make tests that use real servers slower and flakier.
    maxWorkers: 2,
    testTimeout: 60_000,
    projects: workspaces.map((root) => ({
      extends: true,
      test: { name: root.split("/").at(-1) ?? root, root, include: ["**/*.test.ts"] },
    })),
  },
});
