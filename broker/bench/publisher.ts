/**
 * The devices of the benchmark, in a process of their own, so that the virtual node's CPU can be told from theirs:
 * gets one `Stock` by IPC, says `ready` when all sessions stand, begins at `go`, and says `done` when everything is
 * acknowledged.
 */
import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import { generate } from "mqtt-packet";

/** The one message from the benchmark's parent: everything signed beforehand, so that no signing is measured. */
export type Stock = {
  port: number;
  caPem: string;
  /** Envelopes that each device has on the way at a time. */
  inFlight: number;
  devices: { deviceId: string; certificatePem: string; keyPem: string; topic: string; envelopes: Uint8Array[] }[];
};

/** CONNACK is 4 bytes, and so is PUBACK: counting bytes counts acknowledgements. */
const ACKNOWLEDGEMENT_BYTES = 4;

class Publisher {
  readonly #socket: TLSSocket;
  readonly #packets: Buffer[];
  readonly #inFlight: number;
  #sent = 0;

  constructor(socket: TLSSocket, packets: Buffer[], inFlight: number) {
    this.#socket = socket;
    this.#packets = packets;
    this.#inFlight = inFlight;
  }

  /** Resolves when all packets are acknowledged. */
  async run(): Promise<void> {
    let bytes = 0;
    this.#send(this.#inFlight);
    for await (const chunk of this.#socket) {
      const before = Math.floor(bytes / ACKNOWLEDGEMENT_BYTES);
      bytes += (chunk as Buffer).length;
      const acknowledged = Math.floor(bytes / ACKNOWLEDGEMENT_BYTES);
      if (acknowledged === this.#packets.length) return;
      this.#send(acknowledged - before);
    }
    throw new Error("the virtual node ended the session");
  }

  #send(count: number): void {
    const next = this.#packets.slice(this.#sent, this.#sent + count);
    this.#sent += next.length;
    if (next.length > 0) this.#socket.write(Buffer.concat(next));
  }
}

async function openSession(stock: Stock, device: Stock["devices"][number]): Promise<Publisher> {
  const { port, caPem, inFlight } = stock;
  const { deviceId, certificatePem, keyPem, topic, envelopes } = device;
  const socket = connect({ host: "localhost", port, ca: caPem, cert: certificatePem, key: keyPem });
  await once(socket, "secureConnect");
  socket.write(generate({ cmd: "connect", clientId: deviceId, clean: true, protocolVersion: 4, keepalive: 60 }));
  await once(socket, "readable");
  socket.read(ACKNOWLEDGEMENT_BYTES);
  const packets = envelopes.map((payload, index) => {
    const messageId = (index % 65_535) + 1;
    const message = { qos: 1, messageId, dup: false, retain: false } as const;
    return generate({ cmd: "publish", topic, payload: Buffer.from(payload), ...message });
  });
  return new Publisher(socket, packets, inFlight);
}

process.once("message", async (stock: Stock) => {
  const publishers = await Promise.all(stock.devices.map((device) => openSession(stock, device)));
  process.send?.("ready");
  await once(process, "message");
  await Promise.all(publishers.map((publisher) => publisher.run()));
  process.send?.("done");
});
