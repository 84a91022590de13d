import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** Takes line protocol as InfluxDB does: a point is its series and time, so writing it twice changes nothing. */
export async function startLineStore() {
  const points = new Set<string>();
  const server = createServer(async (request, response) => {
    for (const line of (await text(request)).split("\n").filter((line) => line !== "")) {
      const [series, , time] = line.split(" ");
      points.add(`${series} ${time}`);
    }
    response.writeHead(204).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: "t",
    org: "o",
    bucket: "b",
    countReadings: async () => points.size,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
