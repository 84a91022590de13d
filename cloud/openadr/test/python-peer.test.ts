import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findPeer, type PeerShelf } from "./python-peer.ts";

const PEER = { name: "peer", version: "1.0", minorVersion: 7, module: "peer" };
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "python-peer-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An interpreter that says where its module lies, whatever it is asked. */
function writePython(environment: string): void {
  mkdirSync(join(environment, "bin"), { recursive: true });
  const python = join(environment, "bin", "python");
  writeFileSync(python, "#!/bin/sh\necho /module\n");
  chmodSync(python, 0o755);
}

function shelf(install: PeerShelf["install"] = async (_peer, environment) => writePython(environment)) {
  const installs: string[] = [];
  const counted: PeerShelf["install"] = (peer, environment) => {
    installs.push(environment);
    return install(peer, environment);
  };
  return { installs, folder, install: counted };
}

const found = { python: expect.stringMatching(/peer-1\.0\/bin\/python$/), folder: "/module" };

describe("an outside peer", () => {
  it("is installed once and kept", async () => {
    const kept = shelf();
    expect(await findPeer(PEER, kept)).toEqual(found);
    expect(await findPeer(PEER, kept)).toEqual(found);
    expect(kept.installs).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(["peer-1.0"]);
  });

  it("is installed although a run was killed while it installed the same", async () => {
    mkdirSync(join(folder, "peer-1.0.killed", "bin"), { recursive: true });
    expect(await findPeer(PEER, shelf())).toEqual(found);
  });

  it("is found by both of two runs that install it at the same time", async () => {
    let release: () => void = () => undefined;
    const bothWait = new Promise<void>((resolve) => {
      release = resolve;
    });
    const both = shelf(async (_peer, environment) => {
      if (both.installs.length === 2) release();
      await bothWait;
      writePython(environment);
    });
    expect(await Promise.all([findPeer(PEER, both), findPeer(PEER, both)])).toEqual([found, found]);
    expect(readdirSync(folder)).toEqual(["peer-1.0"]);
  });

  it("is missing for a reason of one line when it cannot be installed, and leaves nothing behind", async () => {
    const broken = shelf(() => Promise.reject(new Error("no network\nat all")));
    expect(await findPeer(PEER, broken)).toEqual({ missing: "peer 1.0 is not available: no network" });
    expect(existsSync(join(folder, "peer-1.0"))).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});
