package feid

import (
	"bytes"
	"crypto/sha256"
	"testing"
)

func TestEachEnvelopeFollowsTheOneBefore(t *testing.T) {
	device := chain{deviceID: "load-0001", key: vectorKey("device")}
	device.next(2_000, 1_000, 2, 500)
	previous := device.previous
	wanted := payload{"load-0001", 1, 2, previous, []reading{
		{atUnixMs: 3_000, powerW: 500, importWh: 3, quality: qualityMeasured},
		{atUnixMs: 4_000, powerW: 500, importWh: 4, quality: qualityMeasured},
	}}
	envelope, hash := signEnvelope(device.key, wanted.encode())
	if got := device.next(4_000, 1_000, 2, 500); !bytes.Equal(got, envelope) {
		t.Errorf("envelope is %x, not %x", got, envelope)
	}
	if device.previous != hash || device.nextSeq != 4 {
		t.Errorf("the chain stands at %d, %x", device.nextSeq, device.previous)
	}
}

func TestAForgedEnvelopeLeavesTheChainWhereItIs(t *testing.T) {
	device := chain{deviceID: "load-0001", key: vectorKey("device")}
	if len(device.forged(1_000)) == 0 {
		t.Error("nothing was forged")
	}
	if device.nextSeq != 0 || device.previous != [sha256.Size]byte{} {
		t.Errorf("the chain stands at %d, %x", device.nextSeq, device.previous)
	}
}
