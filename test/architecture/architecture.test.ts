import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { REPOSITORY_ROOT, trackedFiles } from "../tidy/tracked-files.ts";
import { MAY_IMPORT } from "./workspaces.ts";

type Manifest = {
  workspaces?: string[];
  name: string;
  exports?: Record<string, string>;
  dependencies?: Record<string, string>;
};

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(REPOSITORY_ROOT, folder, "package.json"), "utf8")) as Manifest;
}

/** Names of our workspaces that a file imports, by static or dynamic import. */
function importedWorkspaces(source: string): string[] {
  return [...source.matchAll(/(?:from|import|import\()\s*["']@gridpact\/([a-z-]+)[^"']*["']/g)].map(
    (match) => match[1] ?? "",
  );
}

describe("the import table", () => {
  it("lists every workspace of package.json and no other", () => {
    const folders = Object.values(MAY_IMPORT).map(({ folder }) => folder);
    expect(folders.sort()).toEqual([...(manifest(".").workspaces ?? [])].sort());
  });

  it("names each workspace as its manifest does, with no entry point that the table has not", () => {
    for (const [name, { folder, entries = ["."] }] of Object.entries(MAY_IMPORT)) {
      expect(manifest(folder).name).toBe(`@gridpact/${name}`);
      expect(entries).toEqual(expect.arrayContaining(Object.keys(manifest(folder).exports ?? {})));
    }
  });

  it("has no circle", () => {
    const left = new Map(Object.entries(MAY_IMPORT).map(([name, { imports }]) => [name, imports]));
    const free = () => [...left.keys()].filter((name) => left.get(name)?.every((other) => !left.has(other)));
    for (let names = free(); names.length > 0; names = free()) for (const name of names) left.delete(name);
    expect([...left.keys()]).toEqual([]);
  });
});

/** Files in a circle of imports, or between two: what is left when files that import none of the rest go first. */
function filesInCircles(folder: string): string[] {
  const files = trackedFiles().filter((file) => file.startsWith(`${folder}/`) && file.endsWith(".ts"));
  const left = new Map(files.map((file) => [file, importedFiles(file)]));
  const free = () => [...left.keys()].filter((file) => left.get(file)?.every((other) => !left.has(other)));
  for (let some = free(); some.length > 0; some = free()) for (const file of some) left.delete(file);
  return [...left.keys()];
}

/** Imports of types count: who reads a file has to know them, too. */
function importedFiles(file: string): string[] {
  const source = readFileSync(join(REPOSITORY_ROOT, file), "utf8");
  return [...source.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((match) =>
    join(dirname(file), match[1] ?? ""),
  );
}

it.each(["broker/src/agent", "dashboards", "edge", "loadtest"])(
  "no files of %s import each other in a circle",
  (folder) => {
    expect(filesInCircles(folder)).toEqual([]);
  },
);

describe.each(Object.entries(MAY_IMPORT))("%s", (name, { folder, imports }) => {
  it("declares in its manifest only what the table allows", () => {
    const declared = Object.keys(manifest(folder).dependencies ?? {})
      .filter((dependency) => dependency.startsWith("@gridpact/"))
      .map((dependency) => dependency.slice("@gridpact/".length));
    expect(declared.filter((dependency) => !imports.includes(dependency))).toEqual([]);
  });

  it("imports only what the table allows, and no other workspace by path", () => {
    const sources = trackedFiles().filter((file) => file.startsWith(`${folder}/`) && /\.(ts|mjs)$/.test(file));
    const faults = sources.flatMap((file) => {
      const source = readFileSync(join(REPOSITORY_ROOT, file), "utf8");
      const foreign = importedWorkspaces(source).filter((other) => other !== name && !imports.includes(other));
      return foreign.map((other) => `${file} imports ${other}`);
    });
    expect(faults).toEqual([]);
  });
});
