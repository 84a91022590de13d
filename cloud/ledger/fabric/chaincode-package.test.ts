import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { packageChaincode, tar } from "./chaincode-package.ts";
import { fabricFiles } from "./test/fabric-files.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gridpact-package-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("an archive is one that tar reads, byte by byte", () => {
  const content = Buffer.alloc(1_025, 7);
  writeFileSync(
    join(folder, "a.tgz"),
    gzipSync(
      tar([
        { name: "a", content },
        { name: "b", content: "text" },
      ]),
    ),
  );
  execFileSync("tar", ["-xzf", "a.tgz"], { cwd: folder });
  expect(readFileSync(join(folder, "a"))).toEqual(content);
  expect(readFileSync(join(folder, "b"), "utf8")).toBe("text");
});

test("a package says where the contracts' server is and how its peer shows itself there", () => {
  const { paths, topology } = fabricFiles(folder);
  const [aggregator, vn] = topology.peers.map((peer) => packageChaincode(peer, "gridpact_1.0", paths));
  const text = gunzipSync(aggregator?.bytes ?? folder).toString("latin1");
  expect(text).toContain('{"type":"ccaas","label":"gridpact_1.0"}');
  expect(aggregator?.packageId).toMatch(/^gridpact_1\.0:[0-9a-f]{64}$/);
  // Each organisation has its own, with its own key.
  expect(vn?.packageId).not.toBe(aggregator?.packageId);
  writeFileSync(join(folder, "package.tgz"), aggregator?.bytes ?? folder);
  execFileSync("tar", ["-xzf", "package.tgz"], { cwd: folder });
  execFileSync("tar", ["-xzf", "code.tar.gz"], { cwd: folder });
  const connection = JSON.parse(readFileSync(join(folder, "connection.json"), "utf8"));
  expect(connection).toMatchObject({
    address: "chaincode-aggregator:9999",
    tls_required: true,
    client_auth_required: true,
  });
  expect(connection.client_key).toContain("PRIVATE KEY");
});
