package fleet

import (
	"errors"
	"sync"
	"time"

	"gridpact.example/generator/envelope"
	"gridpact.example/generator/latency"
	"gridpact.example/generator/mqtt"
)

// inFlightMax bounds what a device has unacknowledged: half of what a virtual node remembers of each device, so that
// every resend is known to it as one.
const inFlightMax = 32

// errAway is for a device that has no connection at the moment.
var errAway = errors.New("the device is away")

// pending is an envelope that was sent and not acknowledged.
type pending struct {
	frame    []byte
	packetID uint16
	sentAt   time.Time
}

// device signs as it sends. What a lost connection took along, it sends again over the next one: same bytes, in order.
type device struct {
	identity mqtt.Identity
	topic    string
	puback   *latency.Histogram

	mutex   sync.Mutex
	chain   *envelope.Chain
	session *mqtt.Session
	unacked []pending
	nextID  uint16
	sent    uint64
	acked   uint64
	resent  uint64
}

func newDevice(member mqtt.Member, puback *latency.Histogram) (*device, error) {
	key := envelope.LoadKey(member.DeviceID)
	identity, err := mqtt.NewIdentity(member, key)
	if err != nil {
		return nil, err
	}
	return &device{
		identity: identity, topic: envelope.ReadingTopic(member.DeviceID), puback: puback,
		chain: envelope.NewChain(member.DeviceID, key), nextID: 1,
	}, nil
}

// publish signs one reading of now and sends it. It reports whether it did: a device that is away, or waits for too
// many acknowledgements, sends nothing.
func (d *device) publish(now time.Time, powerW int64) bool {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.session == nil || len(d.unacked) >= inFlightMax {
		return false
	}
	signed := d.chain.Next(now.UnixMilli(), 0, 1, powerW)
	frame := mqtt.AppendPublish(nil, d.topic, d.nextID, signed)
	d.unacked = append(d.unacked, pending{frame, d.nextID, now})
	d.nextID = d.nextID%mqtt.PacketIDMax + 1
	d.sent++
	// A session that fails here fails in its reader too, which opens the next one.
	_ = d.session.Write(frame)
	return true
}

// attach makes a new connection the device's, and sends again what was not acknowledged.
func (d *device) attach(session *mqtt.Session) error {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.session = session
	now := time.Now()
	var frames []byte
	for i := range d.unacked {
		mqtt.MarkDuplicate(d.unacked[i].frame)
		frames = append(frames, d.unacked[i].frame...)
		d.unacked[i].sentAt = now
	}
	d.resent += uint64(len(d.unacked))
	if len(frames) == 0 {
		return nil
	}
	return session.Write(frames)
}

// read takes acknowledgements until the connection ends. It returns errAway when the device itself ended it.
func (d *device) read(session *mqtt.Session) error {
	for {
		err := session.ReadAcks(d.acknowledge)
		if err == nil {
			continue
		}
		d.mutex.Lock()
		defer d.mutex.Unlock()
		if d.session != session {
			return errAway
		}
		d.session = nil
		return err
	}
}

func (d *device) acknowledge(packetID uint16) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for i, each := range d.unacked {
		if each.packetID == packetID {
			d.puback.Observe(time.Since(each.sentAt))
			d.unacked = append(d.unacked[:i], d.unacked[i+1:]...)
			d.acked++
			return
		}
	}
}

// leave ends the connection as a power cut does. It reports whether there was one.
func (d *device) leave() bool {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.session == nil {
		return false
	}
	session := d.session
	d.session = nil
	session.Abort()
	return true
}

// counts of one device.
type counts struct {
	sent, acked, resent, unacked uint64
}

func (d *device) counts() counts {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return counts{d.sent, d.acked, d.resent, uint64(len(d.unacked))}
}
