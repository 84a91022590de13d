package feid

import "testing"

func TestTheEventOfASetpointIsItsFirstField(t *testing.T) {
	eventID, err := eventIDOf([]byte{0x0a, 2, 'e', '1', 0x10, 7})
	if err != nil || eventID != "e1" {
		t.Errorf("the event is %q, %v", eventID, err)
	}
}

func TestWhatHasNoEventIsNoSetpoint(t *testing.T) {
	for _, message := range [][]byte{nil, {0x10, 7}, {0x0a, 9, 'e'}} {
		if eventID, err := eventIDOf(message); err == nil {
			t.Errorf("% x is a setpoint of %q", message, eventID)
		}
	}
}
