export { generatorProgram, isGoThere } from "./generator-program.ts";
export { JsonProcess, ProcessFailedError } from "./json-process.ts";
export { type Latencies, Publisher, type Round, type RoundResult } from "./publisher.ts";
export { signStock } from "./stock.ts";
