// Package feid is the k6 module "k6/x/gridpact": devices that enrol with a virtual node, sign envelopes and publish
// them over MQTT with mutual TLS. Wire formats are those of proto/ in this repository.
package feid

import (
	"crypto/ed25519"
	"crypto/sha256"

	"google.golang.org/protobuf/encoding/protowire"
)

// Domain prefixes of the bytes that are signed; see proto/src/signing.ts.
const (
	envelopeDomain  = "gridpact.reading.v1.EnvelopePayload\x00"
	enrolmentDomain = "gridpact.control.v1.EnrolmentRequest\x00"
)

// qualityMeasured is Quality.QUALITY_MEASURED of reading.proto.
const qualityMeasured = 1

// chain is the sequence state of a device: what its next envelope has to carry.
type chain struct {
	deviceID string
	key      ed25519.PrivateKey
	nextSeq  uint64
	previous [sha256.Size]byte
	importWh uint64
}

// envelope signs the next count readings, stepMs apart and ending at lastUnixMs, with a constant power in W.
func (c *chain) envelope(lastUnixMs int64, stepMs int64, count int, powerW int64) []byte {
	var payload []byte
	payload = appendBytes(payload, 1, []byte(c.deviceID))
	payload = appendVarint(payload, 2, 1)
	payload = appendVarint(payload, 3, c.nextSeq)
	payload = appendBytes(payload, 4, c.previous[:])
	for i := range count {
		c.importWh++
		at := lastUnixMs - int64(count-1-i)*stepMs
		payload = appendBytes(payload, 5, reading(at, powerW, c.importWh))
	}
	signed := append([]byte(envelopeDomain), payload...)
	c.nextSeq += uint64(count)
	c.previous = sha256.Sum256(signed)
	return appendBytes(appendBytes(nil, 1, payload), 2, ed25519.Sign(c.key, signed))
}

func reading(atUnixMs int64, powerW int64, importWh uint64) []byte {
	var field []byte
	field = appendVarint(field, 1, uint64(atUnixMs))
	field = appendVarint(field, 2, protowire.EncodeZigZag(powerW))
	field = appendVarint(field, 3, importWh)
	return appendVarint(field, 5, qualityMeasured)
}

// enrolmentRequest proves possession of the key and asks for a certificate; resources are left empty.
func enrolmentRequest(deviceID string, key ed25519.PrivateKey, token string) []byte {
	public, _ := key.Public().(ed25519.PublicKey)
	request := appendBytes(nil, 1, []byte(deviceID))
	request = appendBytes(request, 2, public)
	request = appendBytes(request, 3, []byte(token))
	proof := ed25519.Sign(key, append([]byte(enrolmentDomain), request...))
	return appendBytes(request, 4, proof)
}

// appendVarint leaves out zero values, as proto3's canonical encoding does.
func appendVarint(message []byte, field protowire.Number, value uint64) []byte {
	if value == 0 {
		return message
	}
	return protowire.AppendVarint(protowire.AppendTag(message, field, protowire.VarintType), value)
}

func appendBytes(message []byte, field protowire.Number, value []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(message, field, protowire.BytesType), value)
}
