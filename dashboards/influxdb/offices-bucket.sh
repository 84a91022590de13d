#!/bin/sh
# Run once by the InfluxDB image after its own setup, which makes the bucket of one virtual node only.
set -eu
influx bucket create --org "$DOCKER_INFLUXDB_INIT_ORG" --name gridpact-offices
