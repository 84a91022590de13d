// Package latency counts how long things took, in buckets of 1.6 %, so that millions of times cost no memory.
package latency

import (
	"math/bits"
	"sync/atomic"
	"time"
)

const (
	// subBits makes 64 buckets of each power of two: none is wider than 1/64 of what it counts.
	subBits = 6
	subs    = 1 << subBits
	// buckets reach 2^32 us, more than an hour.
	buckets = (33 - subBits) * subs
)

// Histogram may be used by many goroutines at once.
type Histogram struct {
	counts [buckets]atomic.Uint64
	maxUs  atomic.Uint64
}

// Summary is in milliseconds.
type Summary struct {
	P50Ms float64 `json:"p50"`
	P90Ms float64 `json:"p90"`
	P99Ms float64 `json:"p99"`
	MaxMs float64 `json:"max"`
}

// Observe counts one duration; what is negative counts as none.
func (h *Histogram) Observe(took time.Duration) {
	us := uint64(max(took.Microseconds(), 0))
	h.counts[min(bucketOf(us), buckets-1)].Add(1)
	for seen := h.maxUs.Load(); us > seen; seen = h.maxUs.Load() {
		if h.maxUs.CompareAndSwap(seen, us) {
			return
		}
	}
}

// Summary of all that was observed.
func (h *Histogram) Summary() Summary {
	return Summary{h.quantileMs(0.5), h.quantileMs(0.9), h.quantileMs(0.99), float64(h.maxUs.Load()) / 1_000}
}

// bucketOf gives small values one bucket each, and larger ones 64 for each power of two.
func bucketOf(us uint64) int {
	shift := max(bits.Len64(us)-subBits-1, 0)
	return shift*subs + int(us>>shift)
}

// upperUs is the largest value that a bucket counts.
func upperUs(bucket int) uint64 {
	if bucket < 2*subs {
		return uint64(bucket)
	}
	shift := bucket/subs - 1
	return (uint64(bucket%subs+subs)+1)<<shift - 1
}

func (h *Histogram) quantileMs(share float64) float64 {
	var total uint64
	for i := range h.counts {
		total += h.counts[i].Load()
	}
	if total == 0 {
		return 0
	}
	left := uint64(share * float64(total))
	for i := range h.counts {
		count := h.counts[i].Load()
		if count > left {
			return float64(min(upperUs(i), h.maxUs.Load())) / 1_000
		}
		left -= count
	}
	return float64(h.maxUs.Load()) / 1_000
}
