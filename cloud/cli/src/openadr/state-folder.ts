import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { CliError } from "../cli-error.ts";
import { openDataDirectory } from "../process/data-directory.ts";

const FOLDER = "openadr";

/** Which OpenADR a command speaks. */
export type Profile = "2.0b" | "3.1";

/** One for each profile: a VTN of either can run from the same data directory. */
const ADMIN_FILES: Readonly<Record<Profile, string>> = { "2.0b": "admin.json", "3.1": "admin3.json" };

/** Where the VTN that was started last can be administered: in 3.1, its address for everybody. */
interface AdminFile {
  readonly adminUrl: string;
}

/** A folder of one VTN or VEN below the data directory: two that run at once never share one. */
export function stateFolder(dataPath: string, name: string): string {
  return openDataDirectory(dataPath, { isFresh: false }).at(FOLDER, name.replaceAll(/[^\w.-]+/g, "_"));
}

/** Notes the admin interface, so that `event` and `enrol` need no `--admin` on the VTN's own machine. */
export function writeAdminUrl(dataPath: string, profile: Profile, adminUrl: string): void {
  mkdirSync(stateFolder(dataPath, "."), { recursive: true });
  const path = stateFolder(dataPath, ADMIN_FILES[profile]);
  writeFileSync(path, JSON.stringify({ adminUrl } satisfies AdminFile), { mode: 0o600 });
}

/**
 * The admin interface: the one named, else that of the VTN which was started last with the same data directory.
 * @throws CliError when there is neither.
 */
export function adminUrlOf(
  { admin, data }: { readonly admin?: string; readonly data: string },
  profile: Profile = "2.0b",
): string {
  if (admin !== undefined) {
    if (!URL.canParse(admin)) throw new CliError("INPUT", `--admin ${admin} is no URL`);
    return admin;
  }
  const path = existsSync(data) ? stateFolder(data, ADMIN_FILES[profile]) : "";
  if (!existsSync(path)) {
    throw new CliError("INPUT", "name the VTN's admin interface with --admin; `gridpact openadr vtn` prints it");
  }
  return (JSON.parse(readFileSync(path, "utf8")) as AdminFile).adminUrl;
}
