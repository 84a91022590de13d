package feid

import "sync/atomic"

// totals counts what all devices of this k6 process did. k6 keeps the metrics of a script to itself until the end, and
// a script that reconciles in its teardown needs them before.
var totals struct {
	sent, acked, forged, goodReadings atomic.Int64
}

// Totals are in envelopes, but for the readings.
type Totals struct {
	// Sent are published envelopes, forged ones included; Acked got their PUBACK.
	Sent   int64 `js:"sent"`
	Acked  int64 `js:"acked"`
	Forged int64 `js:"forged"`
	// GoodReadings are in acknowledged envelopes that were not forged.
	GoodReadings int64 `js:"goodReadings"`
}

func countedTotals() Totals {
	return Totals{totals.sent.Load(), totals.acked.Load(), totals.forged.Load(), totals.goodReadings.Load()}
}

var claimed atomic.Int64

// claimDevice returns 0, 1, 2 and so on, each number once in a k6 process: virtual users of several scenarios share the
// devices of one profile, and which of them comes first does not matter.
func claimDevice() int64 { return claimed.Add(1) - 1 }
