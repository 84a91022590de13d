package feid

import (
	"crypto/ed25519"
	"crypto/sha256"
)

// chain is the sequence state of a device: what its next envelope has to carry.
type chain struct {
	deviceID string
	key      ed25519.PrivateKey
	nextSeq  uint64
	previous [sha256.Size]byte
	importWh uint64
}

// next signs the next count readings, stepMs apart and ending at lastUnixMs, with a constant power in W. The register
// grows by 1 Wh a reading whatever the power: ingest only asks that it never runs backwards.
func (c *chain) next(lastUnixMs int64, stepMs int64, count int, powerW int64) []byte {
	readings := make([]reading, count)
	for i := range readings {
		c.importWh++
		atUnixMs := lastUnixMs - int64(count-1-i)*stepMs
		readings[i] = reading{atUnixMs: atUnixMs, powerW: powerW, importWh: c.importWh, quality: qualityMeasured}
	}
	encoded := payload{c.deviceID, 1, c.nextSeq, c.previous, readings}.encode()
	envelope, hash := signEnvelope(c.key, encoded)
	c.nextSeq += uint64(count)
	c.previous = hash
	return envelope
}

// forged is an envelope that would be the next one but for its signature. The chain stays where it is: the virtual node
// rejects it, so the device's next envelope follows the last good one.
func (c *chain) forged(atUnixMs int64) []byte {
	readings := []reading{{atUnixMs: atUnixMs, importWh: c.importWh, quality: qualityMeasured}}
	envelope, _ := signEnvelope(c.key, payload{c.deviceID, 1, c.nextSeq, c.previous, readings}.encode())
	// An envelope ends with its signature, whose second half is S, little-endian: one bit of it makes another number.
	envelope[len(envelope)-ed25519.SignatureSize/2] ^= 1
	return envelope
}
