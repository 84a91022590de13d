/** How the agent carries out moves of devices between nodes. */
export { openBusinessOf } from "./open-business.ts";
