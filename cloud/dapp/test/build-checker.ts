/** `node cloud/dapp/test/build-checker.ts FILE`: a script with `checker.checkFiles`, by the build that the app has. */
import { fileURLToPath } from "node:url";
import { buildScript } from "../src/index.ts";

const [file = "checker.js"] = process.argv.slice(2);
await buildScript(fileURLToPath(new URL("checker.ts", import.meta.url)), file, "checker");
