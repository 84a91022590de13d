package mqtt

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
)

// broker answers one connection: the given bytes after CONNECT, then whatever serve does.
func broker(t *testing.T, connack []byte, serve func(net.Conn)) *Target {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.ReadFull(conn, make([]byte, len(connectFrame("d1"))))
		_, _ = conn.Write(connack)
		serve(conn)
	}()
	return &Target{Address: listener.Addr().String(), Devices: []Member{{DeviceID: "d1"}}}
}

func open(t *testing.T, target *Target) (*Session, error) {
	t.Helper()
	dialer, err := NewDialer(target)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := NewIdentity(target.Devices[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	return dialer.Open(identity)
}

func TestASessionPublishesAndReadsAcknowledgements(t *testing.T) {
	target := broker(t, []byte{0x20, 2, 0, 0}, func(conn net.Conn) {
		_, _ = io.ReadFull(conn, make([]byte, len(AppendPublish(nil, "t", 7, []byte("x")))))
		_, _ = conn.Write([]byte{0x40, 2, 0, 7})
	})
	session, err := open(t, target)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	if err := session.Write(AppendPublish(nil, "t", 7, []byte("x"))); err != nil {
		t.Fatal(err)
	}
	var ids []uint16
	for len(ids) == 0 {
		if err := session.ReadAcks(func(id uint16) { ids = append(ids, id) }); err != nil {
			t.Fatal(err)
		}
	}
	if ids[0] != 7 {
		t.Errorf("acknowledged is %v", ids)
	}
	if err := session.ReadAcks(func(uint16) {}); !errors.Is(err, io.EOF) {
		t.Errorf("the end of the connection is %v", err)
	}
}

func TestARefusedConnectIsAnErrorThatNamesTheDevice(t *testing.T) {
	_, err := open(t, broker(t, []byte{0x20, 2, 0, 5}, func(net.Conn) {}))
	if err == nil || !strings.Contains(err.Error(), "d1 was not let in: CONNACK is 20 02 00 05") {
		t.Errorf("the error is %v", err)
	}
}

func TestWhatIsNoCertificateIsRefused(t *testing.T) {
	if _, err := NewDialer(&Target{CaPem: "nothing"}); err == nil {
		t.Error("an authority without a certificate was taken")
	}
	if _, err := NewIdentity(Member{DeviceID: "d1", CertificatePem: "nothing"}, nil); err == nil {
		t.Error("a device without a certificate was taken")
	}
}
