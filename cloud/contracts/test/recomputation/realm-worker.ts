/** The other side of `BrowserRealm`: links the package's sources as modules of an empty context. */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { parentPort } from "node:worker_threads";

const PACKAGE = fileURLToPath(import.meta.resolve("@gridpact/settlement"));

/** What runs in the realm: one contract in, its settlement out, both as canonical JSON. */
const ENTRY = `
  import { canonicalJson, reviveUnits, settle } from ${JSON.stringify(PACKAGE)};
  globalThis.settleText = (text) => {
    const { terms, ...contract } = reviveUnits(JSON.parse(text));
    const deadBandPerMille = BigInt(terms.deadBandPerMille);
    return canonicalJson(settle({ ...contract, terms: { ...terms, deadBandPerMille } }));
  };
`;

const context = vm.createContext({});
const modules = new Map<string, vm.SourceTextModule>();

function moduleOf(path: string, source: string): vm.SourceTextModule {
  const known = modules.get(path);
  if (known !== undefined) return known;
  const module = new vm.SourceTextModule(source, { context, identifier: path });
  modules.set(path, module);
  return module;
}

const entry = moduleOf("entry", ENTRY);
await entry.link((specifier, { identifier }) => {
  const path = specifier.startsWith(".") ? join(dirname(identifier), specifier) : specifier;
  return moduleOf(path, stripTypeScriptTypes(readFileSync(path, "utf8")));
});
await entry.evaluate();

parentPort?.on("message", (contracts: string[]) => {
  const { settleText } = context as { settleText: (text: string) => string };
  parentPort?.postMessage(contracts.map((text) => settleText(text)));
});
