import { type ConnectionReceiver, StreamConnection } from "../src/listener/index.ts";

/** A connection whose bytes are worth nothing after the call that brought them, as the native listener's are. */
export class LentConnection extends StreamConnection {
  override attach(receiver: ConnectionReceiver): void {
    const onBytes = (bytes: Buffer) => {
      const lent = Buffer.from(bytes);
      receiver.onBytes(lent);
      lent.fill(0xee);
    };
    super.attach({ ...receiver, onBytes });
  }
}
