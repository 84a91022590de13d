package feid

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// endTimeout is how long a virtual node may take to turn a device away that does what devices may not.
const endTimeout = 10 * time.Second

// misbehaviours do something that a virtual node has to turn the device away for.
var misbehaviours = map[string]func(*Device){
	"foreign-topic": func(d *Device) { d.client.Publish("gridpact/v1/somebody-else/reading", 1, false, "x") },
	"wildcard":      func(d *Device) { d.client.Subscribe("gridpact/v1/+/setpoint", 1, nil) },
	"retain":        func(d *Device) { d.client.Publish(d.topic, 1, true, "x") },
	"qos-2":         func(d *Device) { d.client.Publish(d.topic, 2, false, "x") },
	"oversize":      func(d *Device) { d.client.Publish(d.topic, 1, false, make([]byte, 1<<20)) },
}

// Misbehave does one of: foreign-topic, wildcard, retain, qos-2, oversize. It returns whether the virtual node then ended
// the connection, or refused the subscription; the device connects anew either way.
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
	act(d)
	isTurnedAway := false
	select {
	case <-ended:
		isTurnedAway = true
	case <-time.After(endTimeout):
	}
	d.client.Disconnect(0)
	return isTurnedAway, d.connect()
}

// halfOpen opens TCP connections that never say a word, and returns how many of them the other side ended within the
// given time: none may be held for ever.
func halfOpen(address string, count int, withinMs int64) (int, error) {
	target, err := url.Parse(address)
	if err != nil {
		return 0, err
	}
	deadline := time.Now().Add(time.Duration(withinMs) * time.Millisecond)
	conns := make([]net.Conn, 0, count)
	for range count {
		conn, err := net.DialTimeout("tcp", target.Host, connectTimeout)
		if err != nil {
			return 0, err
		}
		conns = append(conns, conn)
	}
	ended := 0
	for _, conn := range conns {
		_ = conn.SetReadDeadline(deadline)
		if _, err := io.Copy(io.Discard, conn); err == nil {
			ended++
		}
		_ = conn.Close()
	}
	return ended, nil
}
