package mqtt

import (
	"bytes"
	"slices"
	"testing"
)

func TestFramesAreThoseOfTheStandard(t *testing.T) {
	connect := []byte{0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 1, 44, 0, 2, 'd', '1'}
	if got := connectFrame("d1"); !bytes.Equal(got, connect) {
		t.Errorf("CONNECT is % x, not % x", got, connect)
	}
	publish := []byte{0x32, 7, 0, 1, 't', 1, 2, 'h', 'i'}
	got := AppendPublish(nil, "t", 0x0102, []byte("hi"))
	if !bytes.Equal(got, publish) {
		t.Errorf("PUBLISH is % x, not % x", got, publish)
	}
	if MarkDuplicate(got); got[0] != 0x3a {
		t.Errorf("a resent PUBLISH begins with %#x", got[0])
	}
	if long := AppendPublish(nil, "t", 1, make([]byte, 200)); long[1] != 205-128|128 || long[2] != 1 {
		t.Errorf("the length of a long PUBLISH is % x", long[1:3])
	}
}

func TestAcknowledgementsAreFoundHoweverTheyAreCut(t *testing.T) {
	stream := []byte{0x40, 2, 0, 1, 0xd0, 0, 0x40, 2, 1, 0, 0x40, 2, 0xff, 0xff}
	for size := 1; size <= len(stream); size++ {
		var scanner AckScanner
		var ids []uint16
		for piece := range slices.Chunk(stream, size) {
			if err := scanner.Scan(piece, func(id uint16) { ids = append(ids, id) }); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(ids, []uint16{1, 256, 65_535}) {
			t.Errorf("in pieces of %d bytes the ids are %v", size, ids)
		}
	}
}

func TestAnyOtherPacketIsAnError(t *testing.T) {
	var scanner AckScanner
	if scanner.Scan([]byte{0x32, 0, 0, 0}, func(uint16) {}) == nil {
		t.Error("a PUBLISH of the broker was taken for an acknowledgement")
	}
}
