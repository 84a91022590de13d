import { spawnSync } from "node:child_process";

/** Programs of other makers, which this repository neither has nor builds. */
export type PeerPrograms = { mosquitto: string; telegraf: string; influxd: string };

/** Also the environment's variable, in capitals. */
export type PeerName = keyof PeerPrograms;

/** Options that make a program say its version and end; mosquitto ends with 3 after its help. */
const VERSION_OPTION: Record<PeerName, { option: string; status: number }> = {
  mosquitto: { option: "-h", status: 3 },
  telegraf: { option: "--version", status: 0 },
  influxd: { option: "version", status: 0 },
};

/**
 * The named programs, else those that the environment names in capitals, else those on PATH; and which of them cannot
 * be run.
 */
export function findPeerPrograms(
  named: Partial<PeerPrograms>,
  environment: Readonly<Record<string, string | undefined>>,
): { programs: PeerPrograms; missing: PeerName[] } {
  const names = Object.keys(VERSION_OPTION) as PeerName[];
  const found = names.map((name) => [name, named[name] ?? environment[name.toUpperCase()] ?? name] as const);
  return {
    programs: Object.fromEntries(found) as PeerPrograms,
    missing: found.filter(([name, program]) => !canRun(name, program)).map(([name]) => name),
  };
}

function canRun(name: PeerName, program: string): boolean {
  const { option, status } = VERSION_OPTION[name];
  return spawnSync(program, [option]).status === status;
}
