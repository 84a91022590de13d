/** A listener in a process that may open few files: tells its port, and on each message how many it has let in. */
import { TestListener } from "./test-listener.ts";

const opened = await TestListener.open("native");
process.send?.(opened.listener.port());
process.once("disconnect", () => void opened.close());
process.on("message", () => {
  void opened.pass(1_000).then(() => process.send?.(opened.seen.length));
});
