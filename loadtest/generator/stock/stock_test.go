package stock

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

var options = Options{
	Devices: []string{"load-1", "load-2"}, EnvelopesPerDevice: 3, Readings: 2,
	StartUnixMs: 1_000, StepMs: 500, PowerW: 700,
}

func TestAStockIsReadAsItWasWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stock")
	written := Sign(options)
	hash, err := written.WriteFile(path)
	if err != nil {
		t.Fatal(err)
	}
	read, err := ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, deviceID := range options.Devices {
		if len(read.Envelopes[deviceID]) != 3 {
			t.Fatalf("%s has %d envelopes", deviceID, len(read.Envelopes[deviceID]))
		}
		for i, signed := range read.Envelopes[deviceID] {
			if !bytes.Equal(signed, written.Envelopes[deviceID][i]) {
				t.Errorf("envelope %d of %s is another one", i, deviceID)
			}
		}
	}
	again, err := Sign(options).WriteFile(path)
	if err != nil || again != hash {
		t.Errorf("the same options made %s and %s, %v", hash, again, err)
	}
}

func TestWhatIsCutOrLongerIsNoStock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stock")
	if _, err := Sign(options).WriteFile(path); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, damaged := range [][]byte{nil, whole[:10], whole[:len(whole)-1], append(whole, 0)} {
		if _, err := parse(damaged); err == nil {
			t.Errorf("%d bytes of %d were taken for a stock", len(damaged), len(whole))
		}
	}
	if _, err := ReadFile(path + "-missing"); err == nil {
		t.Error("a missing file was taken for a stock")
	}
}
