package feid

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// endTimeout is how long a virtual node may take to turn a device away that does what devices may not.
const endTimeout = 10 * time.Second

// misbehaviours do something that a virtual node has to turn the device away for. Each returns what the answer has to
// be awaited of; a subscription is refused by its answer, all others by the end of the connection.
var misbehaviours = map[string]func(*Device) mqtt.Token{
	"foreign-topic": func(d *Device) mqtt.Token { return d.client.Publish(foreignTopic, 1, false, "x") },
	"wildcard":      func(d *Device) mqtt.Token { return d.client.Subscribe(wildcardTopic, 1, nil) },
	"retain":        func(d *Device) mqtt.Token { return d.client.Publish(d.topic, 1, true, "x") },
	"qos-2":         func(d *Device) mqtt.Token { return d.client.Publish(d.topic, 2, false, "x") },
	"oversize":      func(d *Device) mqtt.Token { return d.client.Publish(d.topic, 1, false, make([]byte, 1<<20)) },
}

const (
	foreignTopic  = "gridpact/v1/somebody-else/reading"
	wildcardTopic = "gridpact/v1/+/setpoint"
	// refused is SUBACK's code of a subscription that was not granted. [MQTT s.3.9.3]
	refused = 0x80
)

// Misbehave does one of: foreign-topic, wildcard, retain, qos-2, oversize. It returns whether the virtual node then
// ended the connection, or refused the subscription; the device connects anew either way.
func (d *Device) Misbehave(kind string) (bool, error) {
	act, isKnown := misbehaviours[kind]
	if !isKnown {
		return false, fmt.Errorf("%s is no misbehaviour", kind)
	}
	ended := make(chan struct{})
	options := *d.connection
	options.SetConnectionLostHandler(func(mqtt.Client, error) { close(ended) })
	d.client.Disconnect(0)
	d.client = mqtt.NewClient(&options)
	if err := wait(d.client.Connect(), connectTimeout); err != nil {
		return false, fmt.Errorf("%s cannot connect: %w", d.chain.DeviceID(), err)
	}
	isTurnedAway := isRefused(act(d), ended)
	d.client.Disconnect(0)
	return isTurnedAway, d.connect()
}

func isRefused(token mqtt.Token, ended <-chan struct{}) bool {
	timeout := time.After(endTimeout)
	select {
	case <-ended:
		return true
	case <-timeout:
		return false
	case <-token.Done():
	}
	if subscription, isOne := token.(*mqtt.SubscribeToken); isOne && subscription.Result()[wildcardTopic] == refused {
		return true
	}
	// A PUBLISH that fails with its connection is done a moment before the connection is known to be lost.
	select {
	case <-ended:
		return true
	case <-timeout:
		return false
	}
}

// HalfOpen opens TCP connections with the broker that never say a word, and returns how many of them it ended within
// the given time: none may be held for ever.
func (d *Device) HalfOpen(count int, withinMs int64) (int, error) {
	conns := make([]net.Conn, 0, count)
	defer func() {
		for _, conn := range conns {
			_ = conn.Close()
		}
	}()
	deadline := time.Now().Add(time.Duration(withinMs) * time.Millisecond)
	for range count {
		conn, err := net.DialTimeout("tcp", d.connection.Servers[0].Host, connectTimeout)
		if err != nil {
			return 0, err
		}
		conns = append(conns, conn)
	}
	ended := 0
	for _, conn := range conns {
		_ = conn.SetReadDeadline(deadline)
		// A reset is an end, too; only the deadline is none.
		if _, err := io.Copy(io.Discard, conn); !errors.Is(err, os.ErrDeadlineExceeded) {
			ended++
		}
	}
	return ended, nil
}
