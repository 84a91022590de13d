// Command k6 is k6 with the Gridpact extension: virtual devices that enrol, sign and publish as real ones do.
package main

import (
	k6cmd "go.k6.io/k6/cmd"

	_ "gridpact.example/loadtest/feid"
)

func main() { k6cmd.Execute() }
