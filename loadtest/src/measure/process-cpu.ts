import { readdirSync, readFileSync } from "node:fs";

/** Ticks of /proc/PID/stat in a second: USER_HZ is 100 on every Linux, whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100;

/** Fields of /proc/PID/stat behind the name, counted from 0: state is the first of them. [proc_pid_stat(5)] */
const PARENT = 1;
const FIRST_CPU_TIME = 11;
/** utime, stime, and the same of children that have ended. */
const CPU_TIMES = 4;

type ProcessTimes = { pid: number; parent: number; ticks: number };

/**
 * Seconds of CPU that a process, all its threads and all its descendants have used so far, user and system.
 * Resolution is 10 ms: measure spans of a second or more.
 */
export function treeCpuSeconds(rootPid: number): number {
  const processes = runningProcesses();
  if (!processes.some(({ pid }) => pid === rootPid)) throw new Error(`there is no process ${rootPid}`);
  const tree = new Set([rootPid]);
  // A parent may come after its child in the list, so look until nothing is added.
  for (let size = 0; size !== tree.size; ) {
    size = tree.size;
    for (const { pid, parent } of processes) if (tree.has(parent)) tree.add(pid);
  }
  const ticks = processes.filter(({ pid }) => tree.has(pid)).reduce((sum, { ticks }) => sum + ticks, 0);
  return ticks / TICKS_PER_SECOND;
}

/** Resident memory in bytes: now, and the most it ever was. */
export function residentBytes(pid: number): { now: number; max: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kibibytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? Number.NaN);
  return { now: kibibytes("VmRSS") * 1_024, max: kibibytes("VmHWM") * 1_024 };
}

function runningProcesses(): ProcessTimes[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => timesOf(Number(name)) ?? []);
}

/** Undefined for a process that ended meanwhile. */
function timesOf(pid: number): ProcessTimes | undefined {
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
}

/** A process's name may hold blanks and brackets, so its end is the last bracket. */
export function parseStat(pid: number, stat: string): ProcessTimes {
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const ticks = fields.slice(FIRST_CPU_TIME, FIRST_CPU_TIME + CPU_TIMES).reduce((sum, each) => sum + each, 0);
  return { pid, parent: fields[PARENT] ?? 0, ticks };
}

/** Files that this process and its children may raise their own limit to. */
export function openFilesMax(): number {
  const limits = readFileSync("/proc/self/limits", "utf8");
  const [, hard = ""] = /^Max open files\s+\S+\s+(\S+)/m.exec(limits) ?? [];
  return hard === "unlimited" ? Number.POSITIVE_INFINITY : Number(hard);
}
