package envelope

import (
	"crypto/ed25519"
	"crypto/sha256"
)

// exportWh is what a load device has exported before its first reading. It is not zero so that no field of a reading
// is: proto3 leaves zeros out, and some of the programs that Gridpact is compared with then lose the field.
const exportWh = 1

// keyDomain derives the keys of load devices, so that whoever enrols a device and whoever signs for it agree without
// passing keys about. Such devices exist on test systems only.
const keyDomain = "gridpact load device: "

// Chain is the sequence state of a device: what its next envelope has to carry.
type Chain struct {
	deviceID string
	key      ed25519.PrivateKey
	nextSeq  uint64
	previous [sha256.Size]byte
	importWh uint64
}

// NewChain is the chain of a device that has sent nothing yet.
func NewChain(deviceID string, key ed25519.PrivateKey) *Chain {
	return &Chain{deviceID: deviceID, key: key}
}

// LoadKey is the key of a load device; loadtest/src/host/load-key.ts derives the same.
func LoadKey(deviceID string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(keyDomain + deviceID))
	return ed25519.NewKeyFromSeed(seed[:])
}

// DeviceID is the identity that every envelope of the chain names.
func (c *Chain) DeviceID() string { return c.deviceID }

// Next signs the next count readings, stepMs apart and ending at lastUnixMs, with a constant power in W. The register
// grows by 1 Wh a reading whatever the power: ingest only asks that it never runs backwards.
func (c *Chain) Next(lastUnixMs int64, stepMs int64, count int, powerW int64) []byte {
	readings := make([]reading, count)
	for i := range readings {
		c.importWh++
		atUnixMs := lastUnixMs - int64(count-1-i)*stepMs
		readings[i] = reading{atUnixMs, powerW, c.importWh, exportWh, qualityMeasured}
	}
	encoded := payload{c.deviceID, 1, c.nextSeq, c.previous, readings}.encode()
	envelope, hash := sign(c.key, encoded)
	c.nextSeq += uint64(count)
	c.previous = hash
	return envelope
}

// Forged is an envelope that would be the next one but for its signature. The chain stays where it is: the virtual node
// rejects it, so the device's next envelope follows the last good one.
func (c *Chain) Forged(atUnixMs int64) []byte {
	readings := []reading{{atUnixMs: atUnixMs, importWh: c.importWh, exportWh: exportWh, quality: qualityMeasured}}
	envelope, _ := sign(c.key, payload{c.deviceID, 1, c.nextSeq, c.previous, readings}.encode())
	// An envelope ends with its signature, whose second half is S, little-endian: one bit of it makes another number.
	envelope[len(envelope)-ed25519.SignatureSize/2] ^= 1
	return envelope
}

// ReadingTopic is where a device publishes its envelopes; see proto/src/topics.ts.
func ReadingTopic(deviceID string) string { return "gridpact/v1/" + deviceID + "/reading" }
