#!/usr/bin/env bash
# Builds k6 with the Gridpact extension into loadtest/gridpact-k6. Needs Go >= 1.25; about four minutes the first time.
set -euo pipefail
cd "$(dirname "$0")"
(cd generator && go vet ./... && go test ./...)
cd extension
go vet ./...
go test ./...
CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '-s -w' -o ../gridpact-k6 .
