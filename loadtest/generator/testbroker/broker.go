// Package testbroker is a broker for tests: plain TCP, acknowledges whatever it gets, and counts it.
package testbroker

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"gridpact.example/generator/mqtt"
)

// Broker is one that runs until its test ends.
type Broker struct {
	Target mqtt.Target
	// Published counts what came, what came again included.
	Published atomic.Int64
	// EndsAfter ends every connection that sends once so many have come; 0 ends none. To be set before anything is sent.
	EndsAfter int64

	mutex    sync.Mutex
	payloads map[string]int
}

// Start makes a broker that lets everybody in.
func Start(t *testing.T, devices []string) *Broker {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	broker := &Broker{Target: mqtt.Target{Address: listener.Addr().String()}, payloads: map[string]int{}}
	for _, deviceID := range devices {
		broker.Target.Devices = append(broker.Target.Devices, mqtt.Member{DeviceID: deviceID})
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

// DistinctPayloads is how many different ones came.
func (b *Broker) DistinctPayloads() int {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return len(b.payloads)
}

func (b *Broker) serve(conn net.Conn) {
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
		if count := b.Published.Add(1); b.EndsAfter > 0 && count > b.EndsAfter {
			return
		}
		topicEnd := 2 + binary.BigEndian.Uint16(body)
		b.mutex.Lock()
		b.payloads[string(body[topicEnd+2:])]++
		b.mutex.Unlock()
		_, _ = conn.Write([]byte{0x40, 2, body[topicEnd], body[topicEnd+1]})
	}
}
