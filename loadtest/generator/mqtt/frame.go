// Package mqtt is as much of an MQTT 3.1.1 device as a load needs: connect, publish at QoS 1, count acknowledgements.
// A frame is made once and written many times, and nothing is resent unasked, so the client costs little beside the
// broker that is measured.
package mqtt

import (
	"encoding/binary"
	"fmt"
)

// First bytes of the packets that occur. [MQTT-2.2.1]
const (
	connectType  = 0x10
	connackType  = 0x20
	publishQos1  = 0x32
	duplicateBit = 0x08
	pubackType   = 0x40
	pingrespType = 0xd0
)

// PacketIDMax is the largest packet id; 0 is none. [MQTT-2.3.1-1]
const PacketIDMax = 65_535

// keepAliveSeconds is what CONNECT promises. Every device of a load sends far more often, so nothing pings.
const keepAliveSeconds = 300

// connectFrame opens a clean session. [MQTT s.3.1]
func connectFrame(clientID string) []byte {
	body := appendText(nil, "MQTT")
	body = append(body, 4, 2) // protocol level 3.1.1; flag clean session
	body = binary.BigEndian.AppendUint16(body, keepAliveSeconds)
	body = appendText(body, clientID)
	return append(binary.AppendUvarint([]byte{connectType}, uint64(len(body))), body...)
}

// AppendPublish appends one PUBLISH at QoS 1. Its length is written as protobuf writes lengths. [MQTT s.2.2.3]
func AppendPublish(frame []byte, topic string, packetID uint16, payload []byte) []byte {
	frame = append(frame, publishQos1)
	frame = binary.AppendUvarint(frame, uint64(2+len(topic)+2+len(payload)))
	frame = appendText(frame, topic)
	frame = binary.BigEndian.AppendUint16(frame, packetID)
	return append(frame, payload...)
}

// MarkDuplicate says that a PUBLISH may have been sent before. [MQTT-3.3.1-1]
func MarkDuplicate(frame []byte) { frame[0] |= duplicateBit }

func appendText(frame []byte, text string) []byte {
	return append(binary.BigEndian.AppendUint16(frame, uint16(len(text))), text...)
}

// AckScanner finds the acknowledged packet ids in what a broker sends, however the network cuts it.
type AckScanner struct {
	rest []byte
}

// ackBytes is the size of a PUBACK; a PINGRESP has two bytes.
const ackBytes = 4

// Scan calls acked with each acknowledged packet id of the next piece. Any other packet than an acknowledgement is an
// error: a load device subscribes to nothing.
func (s *AckScanner) Scan(piece []byte, acked func(packetID uint16)) error {
	if len(s.rest) > 0 {
		piece = append(s.rest, piece...)
	}
	for len(piece) >= 2 {
		switch {
		case piece[0] == pingrespType:
			piece = piece[2:]
		case piece[0] != pubackType:
			return fmt.Errorf("the broker sent a packet of type %#x", piece[0])
		case len(piece) < ackBytes:
			s.rest = append([]byte(nil), piece...)
			return nil
		default:
			acked(binary.BigEndian.Uint16(piece[2:]))
			piece = piece[ackBytes:]
		}
	}
	s.rest = append([]byte(nil), piece...)
	return nil
}
