import { parseArgs } from "node:util";
import { writePackage } from "./write-package.ts";

/** `node cloud/openadr/pack/main.ts --out FOLDER`: the package as it is published. */
const { values } = parseArgs({ options: { out: { type: "string", default: "openadr-package" } } });
writePackage(values.out);
process.stdout.write(`${values.out}\n`);
