/** Token of the InfluxDB that `--influxdb` names, from the environment so that no process list shows it. */
export function influxdbToken(): string | undefined {
  const token = process.env["INFLUXDB_TOKEN"];
  return token === "" ? undefined : token;
}
