/** Token of the InfluxDB that `--influxdb` names, from the environment so that no process list shows it. */
export function influxdbToken(): string | undefined {
  const token = process.env["INFLUXDB_TOKEN"];
  return token === "" ? undefined : token;
}

/** Where the programs of Hyperledger Fabric are: a directory named by FABRIC_BIN, or else the search path. */
export function fabricSources(): { directory: string | undefined; searchPath: string } {
  const directory = process.env["FABRIC_BIN"];
  return { directory: directory === "" ? undefined : directory, searchPath: process.env["PATH"] ?? "" };
}
