/** Public face of counting what is turned away. */
export { RefusalCounter } from "./refusal-counter.ts";
