package publish

import (
	"strings"
	"testing"

	"gridpact.example/generator/stock"
	"gridpact.example/generator/testbroker"
)

var devices = []string{"load-1", "load-2", "load-3"}

func openPublisher(t *testing.T, broker *testbroker.Broker) *Publisher {
	t.Helper()
	supply := stock.Sign(stock.Options{Devices: devices, EnvelopesPerDevice: 50, Readings: 1, StepMs: 1_000})
	publisher, err := Open(supply, &broker.Target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(publisher.Close)
	return publisher
}

func TestARoundEndsWhenEverythingIsAcknowledged(t *testing.T) {
	broker := testbroker.Start(t, devices)
	publisher := openPublisher(t, broker)
	for _, round := range []Round{{Envelopes: 20, InFlight: 4}, {Envelopes: 10, PerSecond: 2_000}} {
		before := broker.Published.Load()
		result, err := publisher.Run(round)
		if err != nil {
			t.Fatal(err)
		}
		count := 3 * round.Envelopes
		if result.Sent != count || result.Acked != count || broker.Published.Load()-before != int64(count) {
			t.Errorf("%+v made %+v, and the broker got %d", round, result, broker.Published.Load()-before)
		}
		if round.PerSecond > 0 && result.Seconds < float64(count-3)/round.PerSecond {
			t.Errorf("%d envelopes left in %v s", count, result.Seconds)
		}
	}
}

func TestARoundThatTheStockCannotServeIsRefused(t *testing.T) {
	publisher := openPublisher(t, testbroker.Start(t, devices))
	for _, round := range []Round{{Envelopes: 51, InFlight: 1}, {Envelopes: 0, InFlight: 1}, {Envelopes: 1}} {
		if _, err := publisher.Run(round); err == nil {
			t.Errorf("%+v was played", round)
		}
	}
}

func TestASessionThatEndsIsAnErrorThatNamesTheDevice(t *testing.T) {
	broker := testbroker.Start(t, devices)
	broker.EndsAfter = 10
	result, err := openPublisher(t, broker).Run(Round{Envelopes: 20, InFlight: 4})
	if err == nil || !strings.Contains(err.Error(), "load-1") {
		t.Errorf("the error is %v", err)
	}
	if result.Acked > 10 {
		t.Errorf("acknowledged is %d of 10", result.Acked)
	}
}
