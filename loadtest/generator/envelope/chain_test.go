package envelope

import (
	"bytes"
	"crypto/sha256"
	"testing"
)

func TestEachEnvelopeFollowsTheOneBefore(t *testing.T) {
	device := NewChain("load-0001", vectorKey("device"))
	device.Next(2_000, 1_000, 2, 500)
	previous := device.previous
	wanted := payload{"load-0001", 1, 2, previous, []reading{
		{atUnixMs: 3_000, powerW: 500, importWh: 3, exportWh: 1, quality: qualityMeasured},
		{atUnixMs: 4_000, powerW: 500, importWh: 4, exportWh: 1, quality: qualityMeasured},
	}}
	envelope, hash := sign(device.key, wanted.encode())
	if got := device.Next(4_000, 1_000, 2, 500); !bytes.Equal(got, envelope) {
		t.Errorf("envelope is %x, not %x", got, envelope)
	}
	if device.previous != hash || device.nextSeq != 4 {
		t.Errorf("the chain stands at %d, %x", device.nextSeq, device.previous)
	}
}

func TestAForgedEnvelopeLeavesTheChainWhereItIs(t *testing.T) {
	device := NewChain("load-0001", vectorKey("device"))
	if len(device.Forged(1_000)) == 0 {
		t.Error("nothing was forged")
	}
	if device.nextSeq != 0 || device.previous != [sha256.Size]byte{} {
		t.Errorf("the chain stands at %d, %x", device.nextSeq, device.previous)
	}
}

func TestEachLoadDeviceHasAKeyOfItsOwnAndAlwaysTheSame(t *testing.T) {
	if !LoadKey("load-0001").Equal(LoadKey("load-0001")) || LoadKey("load-0001").Equal(LoadKey("load-0002")) {
		t.Error("keys of load devices do not follow from their ids")
	}
}
