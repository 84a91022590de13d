import type { Engine } from "@gridpact/native";
import { expect, it } from "vitest";
import type { VirtualNodeConfig } from "../src/config.ts";
import { type RunModules, runVirtualNode } from "../src/index.ts";

it("does not start with an engine that keeps other rows than the store takes", async () => {
  const config = { store: { kind: "sqlite" } } as VirtualNodeConfig;
  for (const rows of ["none", "line-protocol"] as const) {
    const modules = { engine: { rows } as Engine } as RunModules;
    await expect(runVirtualNode(config, modules)).rejects.toThrow("the engine keeps the rows that the store takes");
  }
});
