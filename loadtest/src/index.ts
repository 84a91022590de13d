/** Public face of @gridpact/loadtest: the load generator as a program that other tools may run. */
export { K6MissingError, k6Program } from "./k6-program.ts";
