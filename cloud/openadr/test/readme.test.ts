import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as openadr from "../src/index.ts";
import { createTestPki } from "./test-pki.ts";

const readme = readFileSync(join(import.meta.dirname, "..", "README.md"), "utf8");
const snippets = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);

/** A snippet as the body of a function: imports come from this package, and what it opens is handed back. */
function toFunction(code: string, given: readonly string[], opened: readonly string[]) {
  const imported = [...code.matchAll(/import \{([\s\S]*?)\} from "@gridpact\/openadr";/g)].flatMap(([, names = ""]) =>
    names.split(",").map((name) => name.trim()),
  );
  const body = code.replaceAll(/import \{[\s\S]*?\} from "[^"]*";/g, "");
  const names = imported.filter((name) => name !== "");
  const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;
  const work = new AsyncFunction("openadr", ...given, `const { ${names} } = openadr;${body};return { ${opened} };`);
  return { names, run: (...values: readonly unknown[]) => work(openadr, ...values) };
}

describe("the README", () => {
  it("imports what the package exports", () => {
    expect(snippets).toHaveLength(2);
    for (const code of snippets) {
      const { names } = toFunction(code, [], []);
      expect(Object.keys(openadr)).toEqual(expect.arrayContaining(names));
    }
  });

  it("shows a 2.0b VTN and VEN that work together", async () => {
    const folder = mkdtempSync(join(tmpdir(), "openadr-readme-"));
    const pki = createTestPki();
    writeFileSync(join(folder, "ca.crt"), pki.caPem);
    const [vtnIdentity, venIdentity] = [pki.issue("vtn"), pki.issue("ven")];
    for (const [name, identity] of Object.entries({ vtn: vtnIdentity, ven: venIdentity })) {
      writeFileSync(join(folder, `${name}.crt`), identity.certificatePem);
      writeFileSync(join(folder, `${name}.key`), identity.privateKeyPem);
    }
    // A free port and files of its own: what a reader chooses and a test must not.
    const code = (snippets[0] ?? "")
      .replace("port: 8443", "port: 0")
      .replaceAll(/"((?:vtn|ven|ca)\.(?:crt|key)|data\/\w+)"/g, (_whole, path) => JSON.stringify(join(folder, path)));
    const problems: unknown[] = [];
    const note = { error: (problem: unknown) => problems.push(problem) };
    const { run } = toFunction(code, ["venCertificatePem", "console"], ["vtn", "ven"]);
    const { vtn, ven } = await run(venIdentity.certificatePem, note);
    expect(await openadr.listEvents(vtn.adminUrl)).toMatchObject([{ venIds: ["VEN-1"], status: "far" }]);
    await ven.stop();
    await vtn.stop();
    expect(problems).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it("shows a 3.1 VTN and a client of it", async () => {
    const code = (snippets[1] ?? "").replace("port: 8080", "port: 0").replace('"data/vtn3"', '":memory:"');
    const { run } = toFunction(code, ["secret", "console"], ["vtn", "client"]);
    const { vtn, client } = await run("a secret", { error: () => undefined });
    expect(await client.search("programs")).toMatchObject([{ programName: "summer" }]);
    await client.close();
    await vtn.stop();
  });
});
