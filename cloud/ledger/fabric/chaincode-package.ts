import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { FabricPaths } from "./paths.ts";
import type { PeerNode } from "./topology.ts";

/** What `peer lifecycle chaincode install` takes. */
export type ChaincodePackage = {
  bytes: Uint8Array;
  /** `label:hash`, as the peer computes it from the bytes. */
  packageId: string;
};

/**
 * The package that a peer installs: nothing but the address of the server that runs the contracts, and the key with
 * which the peer shows that server who it is. Each organisation has one of its own, so package ids differ by design.
 * ```
 * package.tgz { metadata.json, code.tar.gz { connection.json } }
 * ```
 */
export function packageChaincode(peer: PeerNode, label: string, paths: FabricPaths): ChaincodePackage {
  const own = paths.nodeTls(peer.name);
  const server = paths.nodeTls(peer.chaincode.name);
  const text = (path: string) => readFileSync(path, "utf8");
  const connection = {
    address: `${peer.chaincode.host}:${peer.chaincode.port}`,
    dial_timeout: "10s",
    tls_required: true,
    client_auth_required: true,
    client_key: text(own.privateKey),
    client_cert: text(own.certificate),
    root_cert: text(server.authorities),
  };
  const code = gzipSync(tar([{ name: "connection.json", content: JSON.stringify(connection) }]));
  const bytes = gzipSync(
    tar([
      { name: "metadata.json", content: JSON.stringify({ type: "ccaas", label }) },
      { name: "code.tar.gz", content: code },
    ]),
  );
  return { bytes, packageId: `${label}:${createHash("sha256").update(bytes).digest("hex")}` };
}

type TarEntry = { name: string; content: string | Uint8Array };

const TAR_BLOCK_BYTES = 512;

/** A POSIX archive of plain files, without owners and times: equal contents are equal bytes. [POSIX pax, ustar] */
export function tar(entries: readonly TarEntry[]): Uint8Array {
  const blocks = entries.flatMap(({ name, content }) => {
    const bytes = Buffer.from(content);
    const padding = Buffer.alloc((TAR_BLOCK_BYTES - (bytes.length % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES);
    return [tarHeader(name, bytes.length), bytes, padding];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * TAR_BLOCK_BYTES)]);
}

/** Offsets: name 0, mode 100, owner 108, group 116, size 124, time 136, checksum 148, type 156, magic 257. */
function tarHeader(name: string, sizeBytes: number): Uint8Array {
  const header = Buffer.alloc(TAR_BLOCK_BYTES);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, "0")}\0`;
  header.write(name, 0);
  header.write(octal(0o600, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(sizeBytes, 11), 124);
  header.write(octal(0, 11), 136);
  // The checksum is over the header with blanks in its own place.
  header.write("        ", 148);
  header.write("0", 156);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)} `, 148);
  return header;
}
