import { X509Certificate } from "node:crypto";
import type { Disk, SigningKey } from "@gridpact/host";
import { encode, enrolmentSigningBytes, type Resource } from "@gridpact/proto";
import { EnrolmentError } from "./enrolment-error.ts";
import type { Post } from "./https-post.ts";

/** What a device has once it is a member of its virtual node. Also its identity on the ledger. */
export type Membership = {
  certificatePem: string;
  /** Authority of the virtual node, by which the device knows it. */
  caPem: string;
  mqttPort: number;
  /** Set once it has moved: the node that it came to, and the host of its broker. */
  movedTo?: { vnId: string; mqttHost: string };
};

/** As the host of the virtual node gave them out; after the first enrolment only the stored membership counts. */
export type EnrolmentOptions = {
  deviceId: string;
  /** Enrolment address of the virtual node, `https://host:port/enrol`. */
  url: string;
  /** One-time token that the host of the virtual node gave out. */
  token: string;
  resources: Resource[];
};

const PATH = "membership.json";

const STATUS_OK = 200;

/** From here on the fault is the server's, and may pass. [RFC9110 s.15.6] */
const STATUS_PASSING_MIN = 500;

/**
 * Makes the device a member of its virtual node, or finds that it is: proves that it has the key, gets a certificate
 * for it, and keeps that durably. MAY be called again after any failure.
 * @throws EnrolmentError
 */
export async function enrol(
  options: EnrolmentOptions,
  modules: { disk: Disk; key: SigningKey; post: Post },
): Promise<Membership> {
  const stored = await storedMembership(modules.disk);
  if (stored !== undefined) return stored;
  const membership = await requestMembership(options, modules);
  await storeMembership(modules.disk, membership);
  return membership;
}

/** What a device is a member by, for its owner; undefined where it has not enrolled. */
export async function storedMembership(disk: Pick<Disk, "read">): Promise<Membership | undefined> {
  const stored = await disk.read(PATH);
  return stored === undefined ? undefined : (JSON.parse(Buffer.from(stored).toString()) as Membership);
}

/** Keeps what the device is a member by. */
export async function storeMembership(disk: Disk, membership: Membership): Promise<void> {
  await disk.replace(PATH, Buffer.from(JSON.stringify(membership)));
}

/**
 * Asks a virtual node for membership, and keeps nothing.
 * @throws EnrolmentError
 */
export async function requestMembership(
  options: EnrolmentOptions,
  modules: { key: SigningKey; post: Post },
): Promise<Membership> {
  const body = await postRequest(options, modules);
  const membership = readMembership(body);
  if (membership === undefined || !isCertificateOf(membership, options.deviceId, modules.key)) {
    const reason = "the answer is no certificate of this device and key";
    throw new EnrolmentError("ENROLMENT_ANSWER_INVALID", { deviceId: options.deviceId, reason });
  }
  return membership;
}

async function postRequest(options: EnrolmentOptions, { key, post }: { key: SigningKey; post: Post }): Promise<string> {
  const { deviceId, url, token, resources } = options;
  const unsigned = { deviceId, publicKey: key.publicKey, token };
  const proofOfPossession = key.sign(enrolmentSigningBytes(unsigned));
  const request = encode("EnrolmentRequest", { ...unsigned, proofOfPossession, resources });
  let answer: Awaited<ReturnType<Post>>;
  try {
    answer = await post(url, request);
  } catch (cause) {
    throw new EnrolmentError("ENROLMENT_UNREACHABLE", { deviceId, reason: String(cause), cause });
  }
  if (answer.status !== STATUS_OK) {
    const isPassing = answer.status >= STATUS_PASSING_MIN;
    throw new EnrolmentError("ENROLMENT_REFUSED", { deviceId, reason: refusalOf(answer), isPassing });
  }
  return answer.body;
}

/** The `code` of problem+json [RFC9457], else the status. */
function refusalOf({ status, body }: { status: number; body: string }): string {
  const code = parseObject(body)?.["code"];
  return typeof code === "string" ? code : `status ${status}`;
}

/** The three fields of the answer, or undefined when one is missing or of another type. */
function readMembership(body: string): Membership | undefined {
  const { certificatePem, caPem, mqttPort } = parseObject(body) ?? {};
  if (typeof certificatePem !== "string" || typeof caPem !== "string" || !isPort(mqttPort)) return undefined;
  return { certificatePem, caPem, mqttPort };
}

/** The certificate names the device, holds its key, and comes from the authority told with it. */
function isCertificateOf({ certificatePem, caPem }: Membership, deviceId: string, key: SigningKey): boolean {
  try {
    const certificate = new X509Certificate(certificatePem);
    const isNamed = certificate.subject.split("\n").includes(`CN=${deviceId}`);
    return (
      isNamed && certificate.checkPrivateKey(key.privateKey) && certificate.verify(new X509Certificate(caPem).publicKey)
    );
  } catch {
    return false; // Not PEM of a certificate: the parser's only way to say so is to throw.
  }
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536;
}

function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // Not JSON: the parser's only way to say so is to throw.
  }
}
