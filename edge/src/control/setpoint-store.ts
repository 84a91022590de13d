import type { Disk } from "@gridpact/host";
import { decode, encode } from "@gridpact/proto";
import type { SetpointBook } from "./setpoint-book.ts";

const PATH = "setpoints.json";

/** Stores the setpoints durably. They are acknowledged after that, since they are not sent again. */
export async function storeSetpoints(disk: Disk, book: SetpointBook): Promise<void> {
  const hex = book.setpoints().map((setpoint) => Buffer.from(encode("Setpoint", setpoint)).toString("hex"));
  await disk.replace(PATH, Buffer.from(JSON.stringify(hex)));
}

/** Puts the stored setpoints back into an empty book, in their order. */
export async function restoreSetpoints(disk: Disk, book: SetpointBook): Promise<void> {
  const stored = await disk.read(PATH);
  const hex = stored === undefined ? [] : (JSON.parse(Buffer.from(stored).toString()) as string[]);
  // All were accepted at some time; time 0 makes none of them look over.
  for (const setpoint of hex) book.accept(decode("Setpoint", Buffer.from(setpoint, "hex")), 0);
}
