// Package fleet plays many devices, each with a connection of its own, that come and go while they send: what a virtual
// node has to bear in the field. Devices sign as they send, as a run is too long to sign it before.
package fleet

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"gridpact.example/generator/latency"
	"gridpact.example/generator/mqtt"
)

// Options of one run; all devices of the target take part.
type Options struct {
	// PerSecond is how many envelopes all devices send together.
	PerSecond float64 `json:"perSecond"`
	// ChurnPerSecond is how many devices lose their connection each second, and open the next one at once.
	ChurnPerSecond float64 `json:"churnPerSecond"`
	Seconds        float64 `json:"seconds"`
}

// Report of one run.
type Report struct {
	Devices int    `json:"devices"`
	Sent    uint64 `json:"sent"`
	Acked   uint64 `json:"acked"`
	Resent  uint64 `json:"resent"`
	// Unacked is what was left at the end, after everybody was connected and had time enough.
	Unacked uint64 `json:"unacked"`
	// Skipped is how often a device that was due could not send, being away or waiting for acknowledgements.
	Skipped uint64 `json:"skipped"`
	// How many connections the devices cut themselves, and how many the virtual node did.
	CutByDevices   uint64  `json:"cutByDevices"`
	CutByNode      uint64  `json:"cutByNode"`
	ConnectSeconds float64 `json:"connectSeconds"`
	RunSeconds     float64 `json:"runSeconds"`
	// StormSeconds is from the cut of all connections to the first new acknowledgement of the last device.
	StormSeconds float64         `json:"stormSeconds"`
	PubackMs     latency.Summary `json:"pubackMs"`
	// SentByDevice lets the log be checked device by device.
	SentByDevice map[string]uint64 `json:"sentByDevice"`
}

// Progress is told now and then.
type Progress struct {
	Phase     string  `json:"phase"`
	Seconds   float64 `json:"seconds"`
	Connected int     `json:"connected"`
	Acked     uint64  `json:"acked"`
	P99Ms     float64 `json:"p99Ms"`
}

const (
	// handshakesAtOnce keeps the queue of a server that is busy with handshakes short enough for none to time out.
	handshakesAtOnce = 256
	// pacers share the devices: a socket that is full holds up a quarter of them at most.
	pacers = 4
	// tick is how often envelopes that are due leave.
	tick = 5 * time.Millisecond
	// powerW of every reading; any but zero, which proto3 leaves out.
	powerW = 500
	// progressPeriod is short against a run and long against its cost.
	progressPeriod = 10 * time.Second
	// connectTimeout is for everybody to have a connection: 10,000 handshakes take a minute where all else is slow.
	connectTimeout = 10 * time.Minute
	// drainTimeout is for what is unacknowledged at the end of a run, on a machine that is busy.
	drainTimeout = 120 * time.Second
	// reconnectPause comes before another try of a connection that was refused.
	reconnectPause = 200 * time.Millisecond
	// lookPeriod is how often a condition is looked at that is waited for.
	lookPeriod = 20 * time.Millisecond
)

// Fleet is all devices of a target.
type Fleet struct {
	devices    []*device
	ids        []string
	dialer     *mqtt.Dialer
	handshakes chan struct{}
	puback     latency.Histogram
	connected  atomic.Int64
	skipped    atomic.Uint64
	left       atomic.Uint64
	lost       atomic.Uint64
	isOver     atomic.Bool
	failure    atomic.Pointer[error]
	onProgress func(Progress)
}

// New makes the devices; none is connected yet.
func New(target *mqtt.Target, onProgress func(Progress)) (*Fleet, error) {
	dialer, err := mqtt.NewDialer(target)
	if err != nil {
		return nil, err
	}
	fleet := &Fleet{dialer: dialer, handshakes: make(chan struct{}, handshakesAtOnce), onProgress: onProgress}
	for _, member := range target.Devices {
		device, err := newDevice(member, &fleet.puback)
		if err != nil {
			return nil, err
		}
		fleet.devices = append(fleet.devices, device)
		fleet.ids = append(fleet.ids, member.DeviceID)
	}
	return fleet, nil
}

// Run plays all phases: everybody connects; all send while some come and go; then all lose their connection at once.
func (f *Fleet) Run(options Options) (*Report, error) {
	defer f.isOver.Store(true)
	report := &Report{Devices: len(f.devices)}
	stop := f.reportProgress("connect")
	startedAt := time.Now()
	f.connectAll()
	err := f.await(connectTimeout, func() bool { return f.connected.Load() == int64(len(f.devices)) })
	report.ConnectSeconds = time.Since(startedAt).Seconds()
	stop()
	if err != nil {
		return report, err
	}
	report.RunSeconds = f.send(options)
	// A storm has latencies of its own: what follows is not in the summary.
	report.PubackMs = f.puback.Summary()
	if report.StormSeconds, err = f.storm(); err != nil {
		return report, err
	}
	err = f.await(drainTimeout, func() bool { return f.total().unacked == 0 })
	f.fill(report)
	return report, err
}

func (f *Fleet) fill(report *Report) {
	total := f.total()
	report.Sent, report.Acked, report.Resent, report.Unacked = total.sent, total.acked, total.resent, total.unacked
	report.Skipped, report.CutByDevices, report.CutByNode = f.skipped.Load(), f.left.Load(), f.lost.Load()
	report.SentByDevice = make(map[string]uint64, len(f.devices))
	for i, each := range f.devices {
		report.SentByDevice[f.ids[i]] = each.counts().sent
	}
}

func (f *Fleet) total() counts {
	var total counts
	for _, each := range f.devices {
		one := each.counts()
		total.sent += one.sent
		total.acked += one.acked
		total.resent += one.resent
		total.unacked += one.unacked
	}
	return total
}

func (f *Fleet) connectAll() {
	for _, each := range f.devices {
		go f.keepConnected(each)
	}
}

// keepConnected opens one connection after the other, as a device does all its life.
func (f *Fleet) keepConnected(device *device) {
	for !f.isOver.Load() {
		session, err := f.open(device)
		if err != nil {
			// A virtual node under a storm may refuse some; what never succeeds shows as a wait without end.
			time.Sleep(reconnectPause)
			f.failure.Store(&err)
			continue
		}
		f.connected.Add(1)
		err = device.attach(session)
		if ended := device.read(session); errors.Is(ended, errAway) {
			f.left.Add(1)
		} else {
			f.lost.Add(1)
			err = errors.Join(err, ended)
			f.failure.Store(&err)
		}
		f.connected.Add(-1)
		session.Close()
	}
}

func (f *Fleet) open(device *device) (*mqtt.Session, error) {
	f.handshakes <- struct{}{}
	defer func() { <-f.handshakes }()
	return f.dialer.Open(device.identity)
}

// send plays the phase in which all send by the clock and some come and go. It returns how long it took.
func (f *Fleet) send(options Options) float64 {
	stop := f.reportProgress("send")
	defer stop()
	startedAt := time.Now()
	length := time.Duration(options.Seconds * float64(time.Second))
	var group sync.WaitGroup
	for pacer := range pacers {
		group.Go(func() { f.pace(pacer, options.PerSecond/pacers, startedAt, length) })
	}
	group.Go(func() { f.churn(options.ChurnPerSecond, startedAt, length) })
	group.Wait()
	return time.Since(startedAt).Seconds()
}

// pace makes every pacers-th device publish in turn, at the given rate of them all.
func (f *Fleet) pace(pacer int, perSecond float64, startedAt time.Time, length time.Duration) {
	next := pacer
	byClock(perSecond, startedAt, length, func(now time.Time) {
		if !f.devices[next%len(f.devices)].publish(now, powerW) {
			f.skipped.Add(1)
		}
		next += pacers
	})
}

// churn cuts one connection after the other. The step is odd and large, so that neighbours do not follow each other.
func (f *Fleet) churn(perSecond float64, startedAt time.Time, length time.Duration) {
	const step = 7_919
	next := 0
	byClock(perSecond, startedAt, length, func(time.Time) {
		f.devices[next%len(f.devices)].leave()
		next += step
	})
}

// byClock calls act perSecond times a second, catching up after delays.
func byClock(perSecond float64, startedAt time.Time, length time.Duration, act func(now time.Time)) {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	done := 0
	for {
		now := time.Now()
		elapsed := min(now.Sub(startedAt), length)
		for due := int(elapsed.Seconds() * perSecond); done < due; done++ {
			act(now)
		}
		if elapsed == length {
			return
		}
		<-ticker.C
	}
}

// storm cuts all connections at once. It returns after how many seconds each device is back, and one more envelope of
// it acknowledged.
func (f *Fleet) storm() (float64, error) {
	stop := f.reportProgress("storm")
	defer stop()
	startedAt := time.Now()
	for _, each := range f.devices {
		each.leave()
	}
	sent := make([]bool, len(f.devices))
	err := f.await(connectTimeout, func() bool {
		isDone := true
		for i, each := range f.devices {
			sent[i] = sent[i] || each.publish(time.Now(), powerW)
			isDone = isDone && sent[i] && each.counts().unacked == 0
		}
		return isDone
	})
	return time.Since(startedAt).Seconds(), err
}

// await returns when the condition holds, or with the newest failure when it does not in time.
func (f *Fleet) await(timeout time.Duration, holds func() bool) error {
	for deadline := time.Now().Add(timeout); !holds(); time.Sleep(lookPeriod) {
		if time.Now().After(deadline) {
			newest := errors.New("no device failed")
			if failure := f.failure.Load(); failure != nil {
				newest = *failure
			}
			return fmt.Errorf("waited %v in vain; newest failure: %w", timeout, newest)
		}
	}
	return nil
}

// reportProgress tells of a phase until the returned function is called, and once more then.
func (f *Fleet) reportProgress(phase string) (stop func()) {
	startedAt := time.Now()
	tell := func() {
		f.onProgress(Progress{
			phase, time.Since(startedAt).Seconds(), int(f.connected.Load()), f.total().acked, f.puback.Summary().P99Ms,
		})
	}
	ended := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		ticker := time.NewTicker(progressPeriod)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				tell()
			case <-ended:
				return
			}
		}
	})
	return func() {
		close(ended)
		group.Wait()
		tell()
	}
}
