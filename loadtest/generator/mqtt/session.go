package mqtt

import (
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

// OpenTimeout bounds connection, handshake and CONNACK together; a storm of 10,000 handshakes takes tens of seconds.
const OpenTimeout = 120 * time.Second

// readBytes holds the acknowledgements of 1,024 envelopes, far more than come in one TLS record.
const readBytes = 4_096

// Member is one device of a target, with the certificate that the target gave it; none where there is no TLS.
type Member struct {
	DeviceID       string `json:"deviceId"`
	CertificatePem string `json:"certificatePem"`
}

// Target is a broker and the devices that may connect to it.
type Target struct {
	// Address is host:port.
	Address string `json:"address"`
	// CaPem makes it mutual TLS 1.3; empty means plain TCP.
	CaPem   string   `json:"caPem"`
	Devices []Member `json:"devices"`
}

// ReadTarget reads the file that the starter of the broker wrote.
func ReadTarget(path string) (*Target, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("no target: %w", err)
	}
	target := &Target{}
	if err := json.Unmarshal(text, target); err != nil {
		return nil, fmt.Errorf("%s is no target: %w", path, err)
	}
	return target, nil
}

// Dialer opens sessions with one target.
type Dialer struct {
	address string
	roots   *x509.CertPool
}

// NewDialer checks the target's authority.
func NewDialer(target *Target) (*Dialer, error) {
	dialer := &Dialer{address: target.Address}
	if target.CaPem == "" {
		return dialer, nil
	}
	dialer.roots = x509.NewCertPool()
	if !dialer.roots.AppendCertsFromPEM([]byte(target.CaPem)) {
		return nil, errors.New("the target's caPem holds no certificate")
	}
	return dialer, nil
}

// Identity is what a device connects with.
type Identity struct {
	deviceID    string
	certificate tls.Certificate
}

// NewIdentity pairs a device's certificate with its key; both are left out for plain TCP.
func NewIdentity(member Member, key ed25519.PrivateKey) (Identity, error) {
	identity := Identity{deviceID: member.DeviceID}
	if member.CertificatePem == "" {
		return identity, nil
	}
	block, _ := pem.Decode([]byte(member.CertificatePem))
	if block == nil {
		return identity, fmt.Errorf("%s has no certificate", member.DeviceID)
	}
	identity.certificate = tls.Certificate{Certificate: [][]byte{block.Bytes}, PrivateKey: key}
	return identity, nil
}

// Session is one connection that the broker accepted.
type Session struct {
	conn    net.Conn
	tcp     *net.TCPConn
	scanner AckScanner
	buffer  []byte
}

// Open connects, shakes hands and waits for CONNACK.
func (d *Dialer) Open(identity Identity) (*Session, error) {
	deadline := time.Now().Add(OpenTimeout)
	plain, err := (&net.Dialer{Deadline: deadline}).Dial("tcp", d.address)
	if err != nil {
		return nil, fmt.Errorf("%s cannot connect: %w", identity.deviceID, err)
	}
	tcp, _ := plain.(*net.TCPConn)
	session := &Session{conn: plain, tcp: tcp, buffer: make([]byte, readBytes)}
	if err := session.greet(d.roots, identity, deadline); err != nil {
		session.Close()
		return nil, fmt.Errorf("%s was not let in: %w", identity.deviceID, err)
	}
	return session, nil
}

// greet leaves the session ready for PUBLISH.
func (s *Session) greet(roots *x509.CertPool, identity Identity, deadline time.Time) error {
	if err := s.conn.SetDeadline(deadline); err != nil {
		return err
	}
	if roots != nil {
		host, _, err := net.SplitHostPort(s.conn.RemoteAddr().String())
		if err != nil {
			return err
		}
		s.conn = tls.Client(s.conn, &tls.Config{
			RootCAs:      roots,
			ServerName:   host,
			Certificates: []tls.Certificate{identity.certificate},
			MinVersion:   tls.VersionTLS13,
			// Every connection pays its whole handshake, as after a power cut.
			SessionTicketsDisabled: true,
		})
	}
	if err := s.Write(connectFrame(identity.deviceID)); err != nil {
		return err
	}
	// CONNACK: type, length, no session present, accepted. [MQTT s.3.2]
	answer := make([]byte, 4)
	if _, err := io.ReadFull(s.conn, answer); err != nil {
		return err
	}
	if answer[0] != connackType || answer[3] != 0 {
		return fmt.Errorf("CONNACK is % x", answer)
	}
	return s.conn.SetDeadline(time.Time{})
}

// Write sends whole frames.
func (s *Session) Write(frames []byte) error {
	_, err := s.conn.Write(frames)
	return err
}

// ReadAcks waits for the broker and calls acked with each acknowledged packet id.
func (s *Session) ReadAcks(acked func(packetID uint16)) error {
	count, err := s.conn.Read(s.buffer)
	if count > 0 {
		if scanned := s.scanner.Scan(s.buffer[:count], acked); scanned != nil {
			return scanned
		}
	}
	return err
}

// Close ends the connection.
func (s *Session) Close() { _ = s.conn.Close() }

// Abort ends the connection by a reset, as a device that lost its power or its network. It leaves no port waiting
// behind, of which a storm of 10,000 would need more than there are.
func (s *Session) Abort() {
	_ = s.tcp.SetLinger(0)
	_ = s.tcp.Close()
}
