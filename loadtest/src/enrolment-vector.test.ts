import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { encode, enrolmentSigningBytes } from "@gridpact/proto";
import { expect, it } from "vitest";

/** Where the Go test reads them. */
const VECTORS = "../generator/envelope/testdata/enrolment.json";

/** PKCS #8 of an Ed25519 seed. [RFC8410 s.7] */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

it("enrolment requests of the generator's vectors are those that the TypeScript code makes", async () => {
  const seed = createHash("sha256").update("gridpact vector: device").digest();
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: "der", type: "pkcs8" });
  const publicKey = Buffer.from(createPublicKey(key).export({ format: "jwk" }).x ?? "", "base64url");
  const vectors = ["load-0001", "a"].map((deviceId) => {
    const request = { deviceId, publicKey, token: "LJ1pLOTu6DTGYt0cU9p0qbUyZmVgFXI8" };
    const proofOfPossession = sign(null, enrolmentSigningBytes(request), key);
    const bytes = encode("EnrolmentRequest", { ...request, proofOfPossession, resources: [] });
    return { deviceId, token: request.token, requestHex: Buffer.from(bytes).toString("hex") };
  });
  await expect(`${JSON.stringify(vectors, null, 2)}\n`).toMatchFileSnapshot(VECTORS);
});
