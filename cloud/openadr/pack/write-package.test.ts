import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { writePackage } from "./write-package.ts";

const MODULES = join(import.meta.dirname, "../../../node_modules");

/** Somebody else's program, in plain JavaScript: a VTN and a VEN of either profile. */
const PROGRAM = `
import { hashClientSecret, listVens, runVen, runVtn, runVtn3, Oadr3Client, systemClock } from "@gridpact/openadr";
const onFault = (error) => { throw error; };
const vtn = await runVtn({ port: 0, dataFolder: ":memory:" }, { onFault });
const registered = Promise.withResolvers();
const onNotification = ({ kind }) => kind === "registered" && registered.resolve();
const ven = await runVen({ url: vtn.url, dataFolder: ":memory:" }, { onFailure: onFault, onNotification });
await registered.promise;
const clients = [{ clientId: "bl", secretSha256: hashClientSecret("s"), role: "bl" }];
const vtn3 = await runVtn3({ port: 0, clients, dataFolder: ":memory:" }, { onFault, onGivenUp: onFault });
const client = new Oadr3Client({ url: vtn3.url, clientId: "bl", clientSecret: "s", clock: systemClock });
const { programName } = await client.create("programs", { programName: "summer" });
console.log((await listVens(vtn.adminUrl)).length, programName);
await client.close();
await ven.stop();
await vtn.stop();
await vtn3.stop();
`;

it("writes a package that a program in plain JavaScript can use", { timeout: 120_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), "openadr-package-"));
  const folder = join(home, "node_modules/@gridpact/openadr");
  mkdirSync(folder, { recursive: true });
  writePackage(folder);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  expect(manifest).not.toHaveProperty("private");
  // In place of an installation: what the manifest names is there, and nothing else.
  for (const name of Object.keys(manifest.dependencies)) {
    mkdirSync(dirname(join(home, "node_modules", name)), { recursive: true });
    symlinkSync(join(MODULES, name), join(home, "node_modules", name));
  }
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", PROGRAM], { cwd: home }).toString();
  expect(output).toBe("1 summer\n");
  expect(readFileSync(join(folder, "dist/index.d.ts"), "utf8")).toContain("runVtn3");
  rmSync(home, { recursive: true });
});
