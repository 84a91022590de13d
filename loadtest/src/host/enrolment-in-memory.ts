import { type Disk, SeededRandom, SimulatedDisk } from "@gridpact/host";

/** Where a virtual node keeps its devices and tokens. */
const ENROLMENT = "enrolment/";

/**
 * The given disk, but for devices and tokens: 10,000 enrolments of several syncs each would take minutes, are over
 * before anything is measured, and need not survive. All that is on the way of a reading stays on the given disk.
 */
export function enrolmentInMemory(disk: Disk): Disk {
  const memory = new SimulatedDisk(new SeededRandom("enrolment"));
  const by = (path: string) => (path.startsWith(ENROLMENT) ? memory : disk);
  return {
    openAppend: (path) => by(path).openAppend(path),
    read: (path) => by(path).read(path),
    replace: (path, bytes) => by(path).replace(path, bytes),
    list: (directory) => by(`${directory}/`).list(directory),
    remove: (path) => by(path).remove(path),
  };
}
