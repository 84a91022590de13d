package latency

import (
	"testing"
	"time"
)

func TestABucketIsNeverWiderThanOnePartInSixtyFour(t *testing.T) {
	for us := uint64(0); us < 3_000_000; us = us*33/32 + 1 {
		upper := upperUs(bucketOf(us))
		if upper < us || upper-us > us/subs {
			t.Fatalf("%d us are counted as up to %d us", us, upper)
		}
		if bucketOf(upper) != bucketOf(us) || bucketOf(upper+1) != bucketOf(us)+1 {
			t.Fatalf("the bucket of %d us does not end at %d us", us, upper)
		}
	}
}

func TestQuantilesAreThoseOfTheObservations(t *testing.T) {
	histogram := &Histogram{}
	for ms := 1; ms <= 1_000; ms++ {
		histogram.Observe(time.Duration(ms) * time.Millisecond)
	}
	got := histogram.Summary()
	wanted := Summary{P50Ms: 501, P90Ms: 901, P99Ms: 991, MaxMs: 1_000}
	near := func(got, wanted float64) bool { return got >= wanted && got <= wanted*(1+1.0/subs) }
	if !near(got.P50Ms, wanted.P50Ms) || !near(got.P90Ms, wanted.P90Ms) || !near(got.P99Ms, wanted.P99Ms) {
		t.Errorf("the summary is %+v, not about %+v", got, wanted)
	}
	if got.MaxMs != wanted.MaxMs {
		t.Errorf("the maximum is %v", got.MaxMs)
	}
}

func TestNothingObservedIsNothing(t *testing.T) {
	if got := (&Histogram{}).Summary(); got != (Summary{}) {
		t.Errorf("the summary of nothing is %+v", got)
	}
}

func TestWhatIsTooLongIsCountedAsTheLongest(t *testing.T) {
	histogram := &Histogram{}
	histogram.Observe(48 * time.Hour)
	histogram.Observe(-time.Second)
	if got := histogram.Summary(); got.MaxMs != (48*time.Hour).Seconds()*1_000 {
		t.Errorf("the summary is %+v", got)
	}
}
