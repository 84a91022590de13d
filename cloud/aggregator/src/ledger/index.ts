export { readSc1, readSc2Of, type Sc1, type Sc2 } from "./contract-reader.ts";
