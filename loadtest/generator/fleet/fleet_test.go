package fleet

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"gridpact.example/generator/latency"
	"gridpact.example/generator/mqtt"
	"gridpact.example/generator/testbroker"
)

func ids(count int) []string {
	all := make([]string, count)
	for i := range all {
		all[i] = fmt.Sprintf("load-%d", i)
	}
	return all
}

func TestEverythingIsAcknowledgedThoughDevicesComeAndGo(t *testing.T) {
	broker := testbroker.Start(t, ids(20))
	var phases []string
	fleet, err := New(&broker.Target, func(progress Progress) { phases = append(phases, progress.Phase) })
	if err != nil {
		t.Fatal(err)
	}
	report, err := fleet.Run(Options{PerSecond: 2_000, ChurnPerSecond: 50, Seconds: 1})
	if err != nil {
		t.Fatal(err)
	}
	if report.Sent != report.Acked || report.Unacked != 0 || report.CutByNode != 0 {
		t.Errorf("the report is %+v", report)
	}
	if distinct := broker.DistinctPayloads(); uint64(distinct) != report.Sent {
		t.Errorf("%d envelopes were sent and %d came", report.Sent, distinct)
	}
	// All but the last tick of each pacer, and the one that each device sends after the storm.
	if due := report.Sent + report.Skipped; due < 1_900 || report.CutByDevices < 20+40 {
		t.Errorf("%d envelopes were due, %d connections were left", due, report.CutByDevices)
	}
	var byDevice uint64
	for _, sent := range report.SentByDevice {
		byDevice += sent
	}
	if byDevice != report.Sent || len(report.SentByDevice) != 20 {
		t.Errorf("%d of %d envelopes are in the account of devices", byDevice, report.Sent)
	}
	if phases = slices.Compact(phases); fmt.Sprint(phases) != "[connect send storm]" {
		t.Errorf("the phases are %v", phases)
	}
}

func TestADeviceSendsAgainWhatALostConnectionTookAlong(t *testing.T) {
	broker := testbroker.Start(t, ids(1))
	dialer, err := mqtt.NewDialer(&broker.Target)
	if err != nil {
		t.Fatal(err)
	}
	device, err := newDevice(broker.Target.Devices[0], &latency.Histogram{})
	if err != nil {
		t.Fatal(err)
	}
	connect := func() *mqtt.Session {
		session, err := dialer.Open(device.identity)
		if err != nil {
			t.Fatal(err)
		}
		if err := device.attach(session); err != nil {
			t.Fatal(err)
		}
		return session
	}
	if device.publish(time.Now(), powerW) {
		t.Error("a device without a connection published")
	}
	connect()
	// Nobody reads the acknowledgements of this connection.
	for range inFlightMax {
		if !device.publish(time.Now(), powerW) {
			t.Fatal("a device with room did not publish")
		}
	}
	if device.publish(time.Now(), powerW) {
		t.Error("a device published beyond its bound")
	}
	if !device.leave() || device.leave() {
		t.Error("a device has one connection to leave")
	}
	session := connect()
	for device.counts().unacked > 0 {
		if err := session.ReadAcks(device.acknowledge); err != nil {
			t.Fatal(err)
		}
	}
	wanted := counts{sent: inFlightMax, acked: inFlightMax, resent: inFlightMax}
	if got := device.counts(); got != wanted {
		t.Errorf("the counts are %+v, not %+v", got, wanted)
	}
}

func TestConnectionsThatTheBrokerEndsAreCountedAndOpenedAgain(t *testing.T) {
	broker := testbroker.Start(t, ids(3))
	fleet, err := New(&broker.Target, func(Progress) {})
	if err != nil {
		t.Fatal(err)
	}
	broker.EndsAfter = 50
	go fleet.connectAll()
	defer fleet.isOver.Store(true)
	fleet.send(Options{PerSecond: 400, Seconds: 0.5})
	if fleet.lost.Load() == 0 {
		t.Error("no connection was lost")
	}
	if total := fleet.total(); total.acked > 50 || total.sent == total.acked {
		t.Errorf("the counts are %+v", total)
	}
}

func TestFilesForMoreDevicesThanTheSystemAllowsAreRefusedWithAdvice(t *testing.T) {
	if err := AllowFiles(10); err != nil {
		t.Error(err)
	}
	if err := AllowFiles(1 << 40); err == nil {
		t.Error("a limit without end was granted")
	}
}
