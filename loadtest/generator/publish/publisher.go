// Package publish sends a stock to one broker, round by round, and times each acknowledgement.
package publish

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"gridpact.example/generator/envelope"
	"gridpact.example/generator/latency"
	"gridpact.example/generator/mqtt"
	"gridpact.example/generator/stock"
)

// Round says what the next part of the stock is for.
type Round struct {
	// Envelopes of each device, from where the last round ended.
	Envelopes int `json:"envelopes"`
	// InFlight bounds what each device has unacknowledged, when PerSecond is 0.
	InFlight int `json:"inFlight"`
	// PerSecond is the rate of all devices together: envelopes then leave by the clock, whatever the broker does.
	PerSecond float64 `json:"perSecond"`
}

// Result of one round.
type Result struct {
	Sent    int     `json:"sent"`
	Acked   int     `json:"acked"`
	Seconds float64 `json:"seconds"`
	// PubackMs runs from the moment an envelope was due, so that a broker that stalls is not spared.
	PubackMs latency.Summary `json:"pubackMs"`
}

// Publisher has one session for each device of the stock.
type Publisher struct {
	devices []*device
}

// device is one session and what is left of its envelopes.
type device struct {
	session   *mqtt.Session
	topic     string
	envelopes [][]byte
	next      int
}

// Open connects every device of the stock.
func Open(supply *stock.Stock, target *mqtt.Target) (*Publisher, error) {
	dialer, err := mqtt.NewDialer(target)
	if err != nil {
		return nil, err
	}
	publisher := &Publisher{}
	for _, member := range target.Devices {
		identity, err := mqtt.NewIdentity(member, envelope.LoadKey(member.DeviceID))
		if err != nil {
			return nil, err
		}
		session, err := dialer.Open(identity)
		if err != nil {
			return nil, err
		}
		topic, envelopes := envelope.ReadingTopic(member.DeviceID), supply.Envelopes[member.DeviceID]
		publisher.devices = append(publisher.devices, &device{session, topic, envelopes, 0})
	}
	return publisher, nil
}

// Devices is how many there are.
func (p *Publisher) Devices() int { return len(p.devices) }

// Close ends all sessions.
func (p *Publisher) Close() {
	for _, each := range p.devices {
		each.session.Close()
	}
}

// Run plays one round and returns when everything is acknowledged, or with an error when a session ends.
func (p *Publisher) Run(round Round) (Result, error) {
	if err := p.check(round); err != nil {
		return Result{}, err
	}
	run := &run{round: round, devices: p.devices, startedAt: time.Now()}
	err := run.play()
	result := Result{
		Sent: round.Envelopes * len(p.devices), Acked: int(run.acked.Load()),
		Seconds: time.Since(run.startedAt).Seconds(), PubackMs: run.histogram.Summary(),
	}
	return result, err
}

func (p *Publisher) check(round Round) error {
	if round.Envelopes < 1 || round.Envelopes > mqtt.PacketIDMax {
		return fmt.Errorf("a round has 1 to %d envelopes of each device, not %d", mqtt.PacketIDMax, round.Envelopes)
	}
	if round.PerSecond <= 0 && round.InFlight < 1 {
		return errors.New("a round needs inFlight or perSecond")
	}
	for _, each := range p.devices {
		if left := len(each.envelopes) - each.next; left < round.Envelopes {
			return fmt.Errorf("the stock has %d envelopes left of each device, not %d", left, round.Envelopes)
		}
	}
	return nil
}

// run is one round under way.
type run struct {
	round     Round
	devices   []*device
	startedAt time.Time
	histogram latency.Histogram
	acked     atomic.Int64
}

func (r *run) play() error {
	failures := make([]error, len(r.devices)+1)
	var group sync.WaitGroup
	for i, each := range r.devices {
		group.Go(func() {
			if r.round.PerSecond > 0 {
				failures[i] = r.awaitPaced(each, i)
			} else {
				failures[i] = r.burst(each)
			}
		})
	}
	if r.round.PerSecond > 0 {
		failures[len(r.devices)] = r.pace()
	}
	group.Wait()
	for _, each := range r.devices {
		each.next += r.round.Envelopes
	}
	return errors.Join(failures...)
}

// packetID of the index-th envelope of a round; ids begin anew with each round, as nothing is left unacknowledged.
func packetID(index int) uint16 { return uint16(index + 1) }

// frames of envelopes [from, to) of the round.
func (d *device) frames(buffer []byte, from, to int) []byte {
	for index := from; index < to; index++ {
		buffer = mqtt.AppendPublish(buffer, d.topic, packetID(index), d.envelopes[d.next+index])
	}
	return buffer
}

// burst keeps the window of one device full: as many leave as acknowledgements come in.
func (r *run) burst(device *device) error {
	count, sent := r.round.Envelopes, min(r.round.InFlight, r.round.Envelopes)
	sentAt := make([]time.Time, count)
	var buffer []byte
	send := func(from, to int) error {
		now := time.Now()
		for index := from; index < to; index++ {
			sentAt[index] = now
		}
		buffer = device.frames(buffer[:0], from, to)
		return device.session.Write(buffer)
	}
	if err := send(0, sent); err != nil {
		return err
	}
	for acked := 0; acked < count; {
		before := acked
		err := device.session.ReadAcks(func(id uint16) {
			acked++
			r.acked.Add(1)
			r.histogram.Observe(time.Since(sentAt[id-1]))
		})
		if err != nil {
			return fmt.Errorf("%s has %d of %d acknowledged: %w", device.topic, acked, count, err)
		}
		next := min(sent+acked-before, count)
		if next > sent {
			if err := send(sent, next); err != nil {
				return err
			}
		}
		sent = next
	}
	return nil
}

// tick is how often envelopes that are due leave. What is due by then of one device leaves in one write.
const tick = 5 * time.Millisecond

// dueAt is when the index-th envelope of a device has to leave: devices take turns.
func (r *run) dueAt(device, index int) time.Time {
	turn := float64(index*len(r.devices) + device)
	return r.startedAt.Add(time.Duration(turn / r.round.PerSecond * float64(time.Second)))
}

// pace writes by the clock. It does not wait for anything but the sockets.
func (r *run) pace() error {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	sent := make([]int, len(r.devices))
	var buffer []byte
	for left := r.round.Envelopes * len(r.devices); left > 0; <-ticker.C {
		now := time.Now()
		for i, each := range r.devices {
			to := sent[i]
			for to < r.round.Envelopes && !r.dueAt(i, to).After(now) {
				to++
			}
			if to == sent[i] {
				continue
			}
			buffer = each.frames(buffer[:0], sent[i], to)
			if err := each.session.Write(buffer); err != nil {
				return err
			}
			left -= to - sent[i]
			sent[i] = to
		}
	}
	return nil
}

func (r *run) awaitPaced(device *device, position int) error {
	for acked := 0; acked < r.round.Envelopes; {
		err := device.session.ReadAcks(func(id uint16) {
			acked++
			r.acked.Add(1)
			r.histogram.Observe(time.Since(r.dueAt(position, int(id)-1)))
		})
		if err != nil {
			return fmt.Errorf("%s has %d of %d acknowledged: %w", device.topic, acked, r.round.Envelopes, err)
		}
	}
	return nil
}
