package publish

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"gridpact.example/generator/mqtt"
	"gridpact.example/generator/stock"
)

// testBroker acknowledges what it gets, in plain TCP, and counts it.
type testBroker struct {
	target    mqtt.Target
	published atomic.Int64
	// endsAfter closes a connection after so many; 0 never does.
	endsAfter int64
}

func startBroker(t *testing.T, devices []string) *testBroker {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	broker := &testBroker{target: mqtt.Target{Address: listener.Addr().String()}}
	for _, deviceID := range devices {
		broker.target.Devices = append(broker.target.Devices, mqtt.Member{DeviceID: deviceID})
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go broker.serve(conn)
		}
	}()
	return broker
}

func (b *testBroker) serve(conn net.Conn) {
	defer conn.Close()
	reader := bufio.NewReader(conn)
	for {
		kind, err := reader.ReadByte()
		if err != nil {
			return
		}
		length, _ := binary.ReadUvarint(reader)
		body := make([]byte, length)
		if _, err := io.ReadFull(reader, body); err != nil {
			return
		}
		if kind == 0x10 {
			_, _ = conn.Write([]byte{0x20, 2, 0, 0})
			continue
		}
		if count := b.published.Add(1); b.endsAfter > 0 && count > b.endsAfter {
			return
		}
		topicEnd := 2 + binary.BigEndian.Uint16(body)
		_, _ = conn.Write([]byte{0x40, 2, body[topicEnd], body[topicEnd+1]})
	}
}

var devices = []string{"load-1", "load-2", "load-3"}

func openPublisher(t *testing.T, broker *testBroker) *Publisher {
	t.Helper()
	supply := stock.Sign(stock.Options{Devices: devices, EnvelopesPerDevice: 50, Readings: 1, StepMs: 1_000})
	publisher, err := Open(supply, &broker.target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(publisher.Close)
	return publisher
}

func TestARoundEndsWhenEverythingIsAcknowledged(t *testing.T) {
	broker := startBroker(t, devices)
	publisher := openPublisher(t, broker)
	for _, round := range []Round{{Envelopes: 20, InFlight: 4}, {Envelopes: 10, PerSecond: 2_000}} {
		before := broker.published.Load()
		result, err := publisher.Run(round)
		if err != nil {
			t.Fatal(err)
		}
		count := 3 * round.Envelopes
		if result.Sent != count || result.Acked != count || broker.published.Load()-before != int64(count) {
			t.Errorf("%+v made %+v, and the broker got %d", round, result, broker.published.Load()-before)
		}
		if round.PerSecond > 0 && result.Seconds < float64(count-3)/round.PerSecond {
			t.Errorf("%d envelopes left in %v s", count, result.Seconds)
		}
	}
}

func TestARoundThatTheStockCannotServeIsRefused(t *testing.T) {
	publisher := openPublisher(t, startBroker(t, devices))
	for _, round := range []Round{{Envelopes: 51, InFlight: 1}, {Envelopes: 0, InFlight: 1}, {Envelopes: 1}} {
		if _, err := publisher.Run(round); err == nil {
			t.Errorf("%+v was played", round)
		}
	}
}

func TestASessionThatEndsIsAnErrorThatNamesTheDevice(t *testing.T) {
	broker := startBroker(t, devices)
	broker.endsAfter = 10
	result, err := openPublisher(t, broker).Run(Round{Envelopes: 20, InFlight: 4})
	if err == nil || !strings.Contains(err.Error(), "load-1") {
		t.Errorf("the error is %v", err)
	}
	if result.Acked > 10 {
		t.Errorf("acknowledged is %d of 10", result.Acked)
	}
}
