import { readDeviceKey, storedMembership } from "@gridpact/edge";
import { nodeDisk } from "@gridpact/host";
import { CertificateError, type LedgerIdentity, readCertificate } from "@gridpact/ledger";
import { CliError } from "../cli-error.ts";
import { type DataDirectory, deviceFolder } from "../process/data-directory.ts";

/**
 * A device's own key with the certificate that its node gave it: its owner's identity on the ledger, whose roles and
 * ids are in the certificate, so that nobody has to be believed about them here.
 * @throws CliError INPUT where they are not kept, or do not belong together
 */
export async function deviceIdentity(deviceId: string, data: DataDirectory): Promise<LedgerIdentity> {
  const folder = deviceFolder(deviceId, data);
  const disk = nodeDisk(folder);
  const [key, membership] = [await readDeviceKey(disk), await storedMembership(disk)];
  if (key === undefined || membership === undefined) {
    const what = key === undefined ? "key" : "certificate";
    throw new CliError("INPUT", `${folder} has no ${what} of ${deviceId}: ask where the device runs, by --data`);
  }
  const { certificatePem } = membership;
  const certificate = certificateIn(certificatePem, folder);
  if (!certificate.x509.checkPrivateKey(key.privateKey)) {
    throw new CliError("INPUT", `${folder}: the certificate is of another key; the device has to enrol again`);
  }
  return { mspId: certificate.organisation, certificatePem, key };
}

function certificateIn(pem: string, folder: string) {
  try {
    return readCertificate(pem);
  } catch (error) {
    if (error instanceof CertificateError) throw new CliError("INPUT", `${folder}: ${error.message}`, error);
    throw error;
  }
}
