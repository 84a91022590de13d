package feid

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"google.golang.org/protobuf/encoding/protowire"
)

// eventIDField of Setpoint in control.proto.
const eventIDField = 1

// setpoints is what came from the virtual node and was not taken yet.
type setpoints struct {
	mutex sync.Mutex
	came  []Setpoint
}

// Setpoint is one that a device got.
type Setpoint struct {
	EventID        string `js:"eventId"`
	ReceivedUnixMs int64  `js:"receivedUnixMs"`
}

// SubscribeSetpoints asks the virtual node for the device's setpoints.
func (d *Device) SubscribeSetpoints() error {
	topic := strings.TrimSuffix(d.topic, "reading") + "setpoint"
	token := d.client.Subscribe(topic, 1, func(_ mqtt.Client, message mqtt.Message) {
		eventID, err := eventIDOf(message.Payload())
		if err != nil {
			eventID = err.Error()
		}
		d.setpoints.mutex.Lock()
		defer d.setpoints.mutex.Unlock()
		d.setpoints.came = append(d.setpoints.came, Setpoint{eventID, time.Now().UnixMilli()})
	})
	if err := wait(token, connectTimeout); err != nil {
		return fmt.Errorf("%s cannot subscribe: %w", d.chain.DeviceID(), err)
	}
	return nil
}

// TakeSetpoints returns what came since it was asked last.
func (d *Device) TakeSetpoints() []Setpoint {
	d.setpoints.mutex.Lock()
	defer d.setpoints.mutex.Unlock()
	came := d.setpoints.came
	d.setpoints.came = nil
	return came
}

var errNoSetpoint = errors.New("a setpoint without an event id")

func eventIDOf(message []byte) (string, error) {
	field, kind, length := protowire.ConsumeTag(message)
	if length < 0 || field != eventIDField || kind != protowire.BytesType {
		return "", errNoSetpoint
	}
	eventID, length := protowire.ConsumeString(message[length:])
	if length < 0 {
		return "", errNoSetpoint
	}
	return eventID, nil
}
