/**
 * The abusers in a process of their own, so that they cost whoever measures nothing: gets host, port and count as
 * arguments, says `{ attempts, open }` about once a second, and ends with the channel to its parent.
 */
import { Abusers } from "./abusers.ts";

const REPORT_MS = 500;

const [host = "", port = "", count = ""] = process.argv.slice(2);
const abusers = new Abusers({ host, port: Number(port) });
abusers.begin(Number(count));
const report = setInterval(() => {
  if (process.connected) process.send?.({ attempts: abusers.attempts(), open: abusers.open() }, () => undefined);
}, REPORT_MS);
process.once("disconnect", () => {
  clearInterval(report);
  abusers.end();
});
