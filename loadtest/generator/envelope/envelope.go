// Package envelope makes signed envelopes as a device does. Wire formats are those of proto/ in this repository; the
// tests hold them against the golden vectors that the TypeScript and Rust tests read.
package envelope

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
)

// Domain prefixes of the bytes that are signed; see proto/src/signing.ts.
const (
	envelopeDomain  = "gridpact.reading.v1.EnvelopePayload\x00"
	enrolmentDomain = "gridpact.control.v1.EnrolmentRequest\x00"
)

// Quality of reading.proto.
const (
	qualityMeasured  = 1
	qualityEstimated = 2
)

// Wire types of protobuf that occur here.
const (
	varintType = 0
	bytesType  = 2
)

// reading is one register value: import positive in W, cumulative registers in Wh.
type reading struct {
	atUnixMs int64
	powerW   int64
	importWh uint64
	exportWh uint64
	quality  uint64
}

// payload is an EnvelopePayload: consecutive readings of one device, the first numbered firstSeq.
type payload struct {
	deviceID  string
	bootEpoch uint64
	firstSeq  uint64
	previous  [sha256.Size]byte
	readings  []reading
}

// encode writes the fields in the order of their numbers, as proto3's canonical encoding does.
func (p payload) encode() []byte {
	var message []byte
	message = appendBytes(message, 1, []byte(p.deviceID))
	message = appendVarint(message, 2, p.bootEpoch)
	message = appendVarint(message, 3, p.firstSeq)
	message = appendBytes(message, 4, p.previous[:])
	for _, each := range p.readings {
		message = appendBytes(message, 5, each.encode())
	}
	return message
}

func (r reading) encode() []byte {
	var message []byte
	message = appendVarint(message, 1, uint64(r.atUnixMs))
	message = appendVarint(message, 2, zigZag(r.powerW))
	message = appendVarint(message, 3, r.importWh)
	message = appendVarint(message, 4, r.exportWh)
	return appendVarint(message, 5, r.quality)
}

// sign returns the SignedEnvelope of a payload and the hash that the device's next envelope carries.
func sign(key ed25519.PrivateKey, encoded []byte) ([]byte, [sha256.Size]byte) {
	signed := append([]byte(envelopeDomain), encoded...)
	envelope := appendBytes(appendBytes(nil, 1, encoded), 2, ed25519.Sign(key, signed))
	return envelope, sha256.Sum256(signed)
}

// EnrolmentRequest proves possession of the key and asks for a certificate; a load device steers nothing.
func EnrolmentRequest(deviceID string, key ed25519.PrivateKey, token string) []byte {
	public, _ := key.Public().(ed25519.PublicKey)
	request := appendBytes(nil, 1, []byte(deviceID))
	request = appendBytes(request, 2, public)
	request = appendBytes(request, 3, []byte(token))
	proof := ed25519.Sign(key, append([]byte(enrolmentDomain), request...))
	return appendBytes(request, 4, proof)
}

// appendVarint leaves out zero values, as proto3's canonical encoding does.
func appendVarint(message []byte, field uint64, value uint64) []byte {
	if value == 0 {
		return message
	}
	return binary.AppendUvarint(binary.AppendUvarint(message, field<<3|varintType), value)
}

// appendBytes writes the field also when it is empty; no message here has an empty one.
func appendBytes(message []byte, field uint64, value []byte) []byte {
	message = binary.AppendUvarint(message, field<<3|bytesType)
	message = binary.AppendUvarint(message, uint64(len(value)))
	return append(message, value...)
}

// zigZag is protobuf's code of a signed integer: small values of either sign are short.
func zigZag(value int64) uint64 { return uint64(value<<1) ^ uint64(value>>63) }
