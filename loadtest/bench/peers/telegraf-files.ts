import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Influxd } from "./influxd.ts";

/** The device's schema, as the repository has it. */
const READING_PROTO = fileURLToPath(new URL("../../../proto/gridpact/reading/v1/reading.proto", import.meta.url));

/**
 * The schema as Telegraf has to read it: on the wire a message field is a bytes field, so the payload that is signed as
 * bytes can be parsed in place. The signature is skipped, as Telegraf cannot verify it.
 */
export function telegrafSchema(): string {
  const source = readFileSync(READING_PROTO, "utf8");
  const schema = source.replace("bytes payload = 1;", "EnvelopePayload payload = 1;");
  assert.notEqual(schema, source, "the payload is a field of bytes");
  return schema;
}

/** mosquitto with its queues open, so that it drops nothing and does not wait for each acknowledgement of Telegraf. */
export function mosquittoConfig(port: number): string {
  return `listener ${port} 127.0.0.1
allow_anonymous true
persistence false
set_tcp_nodelay true
max_inflight_messages 10000
max_queued_messages 0
max_queued_bytes 0
log_dest stderr
log_type error
log_type warning
`;
}

/** It is a Go program as InfluxDB is, so its collector is given the same room. */
export const TELEGRAF_SETTINGS = { GOGC: "400" };

/**
 * Telegraf that makes of a reading what Gridpact makes of it: measurement, two tags, three integer fields, time in ms.
 * It acknowledges a message to mosquitto when InfluxDB has it, as Gridpact's log does for its devices. Batches and
 * buffers are large, so that neither waits for the other.
 */
export function telegrafConfig(brokerPort: number, schemaDirectory: string, influxd: Influxd): string {
  return `[agent]
  interval = "1s"
  flush_interval = "500ms"
  metric_batch_size = 5000
  metric_buffer_limit = 1000000
  omit_hostname = true
  quiet = true
[[outputs.influxdb_v2]]
  urls = ["${influxd.url}"]
  token = "${influxd.token}"
  organization = "${influxd.org}"
  bucket = "${influxd.bucket}"
  content_encoding = "identity"
[[inputs.mqtt_consumer]]
  servers = ["tcp://127.0.0.1:${brokerPort}"]
  topics = ["gridpact/v1/+/reading"]
  topic_tag = ""
  qos = 1
  client_id = "telegraf"
  max_undelivered_messages = 20000
  data_format = "xpath_protobuf"
  xpath_protobuf_files = ["reading.proto"]
  xpath_protobuf_type = "gridpact.reading.v1.SignedEnvelope"
  xpath_protobuf_import_paths = ["${schemaDirectory}"]
  [[inputs.mqtt_consumer.xpath]]
    metric_name = "'reading'"
    metric_selection = "//readings"
    timestamp = "measured_at_unix_ms"
    timestamp_format = "unix_ms"
    [inputs.mqtt_consumer.xpath.tags]
      device = "../device_id"
      feeder = "'load'"
    [inputs.mqtt_consumer.xpath.fields_int]
      power_w = "power_w"
      import_wh = "import_wh"
      export_wh = "export_wh"
`;
}
